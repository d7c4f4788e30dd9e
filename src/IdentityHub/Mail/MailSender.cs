using System.Security.Cryptography;
using IdentityHub.Data;
using IdentityHub.Pages;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Text;

namespace IdentityHub.Mail;

/// <summary>
/// Sends what the queue holds, at least once: a crash between the server's yes and our note costs a second mail with the
/// same Message-Id and never a missing one. One mail at a time; more than that is a mailing, which a hub does not do.
/// </summary>
internal sealed partial class MailSender(
    IServiceScopeFactory scopes,
    IMailCarrier carrier,
    MailSeal seal,
    MailSignal signal,
    MailMetrics metrics,
    IOptions<MailOptions> options,
    IOptions<PagesOptions> pages,
    IOptions<HubOptions> hub,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<MailSender> log) : BackgroundService
{
    private const int Batch = 5;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    // A conversation has a handful of steps with a timeout each; a whole batch that hangs still ends within the claim.
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lease = (Batch + 1) * LongestAttempt;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (carrier is PickupFolder folder && !environment.IsDevelopment())
        {
            Log.NobodySends(log, folder.Path);
        }

        while (!stopping.IsCancellationRequested)
        {
            if (!await TrySendAsync(stopping))
            {
                await carrier.RestAsync();
                await signal.WaitAsync(LookEvery, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // True when there is probably more to do at once.
    private async Task<bool> TrySendAsync(CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<HubDb>();
            var now = time.GetUtcNow();
            var mails = await DueMails.ClaimAsync(db, Batch, now, now + Lease);
            foreach (var mail in mails)
            {
                stopping.ThrowIfCancellationRequested();
                await SettleAsync(db, mail, await AttemptAsync(mail, stopping));
            }

            return mails.Count == Batch;
        }
        catch (Exception problem) when (!stopping.IsCancellationRequested)
        {
            metrics.Failed();
            Log.LookFailed(log, problem);
            return false;
        }
        catch (OperationCanceledException)
        {
            // What was claimed is due again when the claim runs out.
            return false;
        }
    }

    private async Task<MailOutcome> AttemptAsync(QueuedMail mail, CancellationToken stopping)
    {
        if (mail.GiveUpAt <= time.GetUtcNow())
        {
            return new MailOutcome.Retry("too late");
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        bound.CancelAfter(LongestAttempt);
        try
        {
            return await carrier.CarryAsync(Compose(mail, seal.Open(mail.Content!)), mail.Id, mail.CreatedAt, bound.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new MailOutcome.Retry("no answer in time");
        }
        catch (Exception problem) when (problem is CryptographicException or SettingException)
        {
            // Another node may have the right secret.
            return new MailOutcome.Retry("it was sealed under another Keys:Secret");
        }
    }

    private async Task SettleAsync(HubDb db, QueuedMail mail, MailOutcome outcome)
    {
        var now = time.GetUtcNow();
        var jitter = RandomNumberGenerator.GetInt32(1000) / 1000.0;
        var (state, next) = MailRetryRule.After(outcome, mail.Attempts + 1, now, mail.GiveUpAt, jitter);
        if (!await DueMails.SettleAsync(db, mail, state, next, now))
        {
            return;
        }

        metrics.Written(mail.Kind, state);
        switch (outcome)
        {
            case MailOutcome.Refused refused:
                Log.Refused(log, mail.Id, mail.Kind, refused.Why);
                break;
            case MailOutcome.Retry retry when state is MailState.Pending:
                Log.Delayed(log, mail.Id, mail.Kind, mail.Attempts + 1, retry.Why, next);
                break;
            case MailOutcome.Retry retry:
                Log.GivenUp(log, mail.Id, mail.Kind, mail.Attempts + 1, retry.Why);
                break;
            default:
                Log.Sent(log, mail.Id, mail.Kind, mail.Attempts + 1);
                break;
        }
    }

    private MimeMessage Compose(QueuedMail mail, SealedMail content)
    {
        var message = new MimeMessage { Subject = content.Subject, Date = mail.CreatedAt, MessageId = $"{mail.Id:N}@{hub.Value.IssuerUri.IdnHost}" };
        message.From.Add(Sender());
        message.To.Add(new MailboxAddress(null, content.Recipient));
        // RFC 3834 §5: holiday notices and the like are not sent back to a machine.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add(HeaderId.ContentLanguage, content.Language.Length == 0 ? "en" : content.Language);
        message.Body = new MultipartAlternative(new TextPart(TextFormat.Plain) { Text = content.Text }, new TextPart(TextFormat.Html) { Text = content.Html });
        return message;
    }

    private MailboxAddress Sender()
    {
        var from = MailboxAddress.Parse(options.Value.From is { Length: > 0 } set ? set : $"no-reply@{hub.Value.IssuerUri.IdnHost}");
        return new MailboxAddress(string.IsNullOrEmpty(from.Name) ? pages.Value.Name : from.Name, from.Address);
    }

    private static partial class Log
    {
        [LoggerMessage(9001, LogLevel.Debug, "Mail {MailId} ({Kind}) was sent at attempt {Attempts}.")]
        public static partial void Sent(ILogger logger, Guid mailId, string kind, int attempts);

        [LoggerMessage(9002, LogLevel.Warning, "Mail {MailId} ({Kind}) was not sent at attempt {Attempts} ({Why}); the next is at {NextAttemptAt:O}.")]
        public static partial void Delayed(ILogger logger, Guid mailId, string kind, int attempts, string why, DateTimeOffset nextAttemptAt);

        [LoggerMessage(9003, LogLevel.Error, "Mail {MailId} ({Kind}) is given up after {Attempts} attempts ({Why}).")]
        public static partial void GivenUp(ILogger logger, Guid mailId, string kind, int attempts, string why);

        [LoggerMessage(9004, LogLevel.Warning, "Mail {MailId} ({Kind}) is refused for good ({Why}).")]
        public static partial void Refused(ILogger logger, Guid mailId, string kind, string why);

        [LoggerMessage(9005, LogLevel.Error, "The mail queue could not be read or written; the sender goes on.")]
        public static partial void LookFailed(ILogger logger, Exception exception);

        [LoggerMessage(9006, LogLevel.Warning, "No mail server is configured (Mail:Smtp:Host); mails are written to {Folder} and reach nobody unless something picks them up there.")]
        public static partial void NobodySends(ILogger logger, string folder);
    }
}
