using System.Buffers.Binary;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Mail;

/// <summary>
/// Where a transaction leaves the mails it owes: neither lost nor sent for something that was rolled back. The caller
/// saves and commits; the sender hears of it then.
/// </summary>
internal sealed class MailQueue(MailSeal seal, LetterWriter writer, MailSignal signal, IOptions<MailOptions> options, IOptions<HubOptions> hub, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Adds a mail about something that only the person, or whoever holds their proofs, can do.</summary>
    /// <param name="db">The unit of work of the act itself; in a transaction.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="letter">What it says.</param>
    public void AddNotice(HubDb db, Addressee to, Letter letter) => Add(db, to, letter, null, askedFor: false, MailState.Pending);

    /// <summary>
    /// Adds a mail that anybody can ask for. When it is not to be sent a row is written all the same: the answer must not
    /// tell by its time whether there is an account (specs.md §8 case 29).
    /// </summary>
    /// <param name="db">The unit of work; in a transaction.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="letter">What it says.</param>
    /// <param name="usefulUntil">When its link expires.</param>
    /// <param name="send">False where there is nobody to write to, or <see cref="AllowsAsync"/> said no.</param>
    public void AddAskedFor(HubDb db, Addressee to, Letter letter, DateTimeOffset usefulUntil, bool send) =>
        Add(db, to, letter, usefulUntil, askedFor: true, send ? MailState.Pending : MailState.Withheld);

    /// <summary>
    /// Whether this address may get one more of the mails that anybody can ask for, so that nobody floods a mailbox. Holds
    /// back others who ask for the same address until the transaction ends. Ask before anything else is locked.
    /// </summary>
    public async Task<bool> AllowsAsync(HubDb db, string address)
    {
        var hash = MailSeal.Hash(address);
        if (db is PostgresHubDb)
        {
            // On SQLite whoever is in a transaction is alone in it.
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({BinaryPrimitives.ReadInt64BigEndian(hash)})");
        }

        var since = time.GetUtcNow() - Window;
        return await db.Set<QueuedMail>().CountAsync(m => m.AskedFor && m.RecipientHash == hash && m.CreatedAt > since && m.State != MailState.Withheld)
            < options.Value.AskedForPerHour;
    }

    /// <summary>A page of this hub, as mails point to it: by the configured issuer.</summary>
    public Uri Page(string path) => new(hub.Value.IssuerUri, path);

    private void Add(HubDb db, Addressee to, Letter letter, DateTimeOffset? usefulUntil, bool askedFor, MailState state)
    {
        var now = time.GetUtcNow();
        var giveUp = now + options.Value.GiveUpAfter;
        var content = seal.Close(writer.Write(to, letter));
        db.Add(new QueuedMail
        {
            Id = Guid.CreateVersion7(now),
            Kind = letter.Kind,
            UserId = to.UserId,
            Content = state is MailState.Pending ? content : null,
            RecipientHash = MailSeal.Hash(to.Address),
            AskedFor = askedFor,
            CreatedAt = now,
            State = state,
            NextAttemptAt = now,
            GiveUpAt = usefulUntil < giveUp ? usefulUntil.Value : giveUp,
            SettledAt = state is MailState.Pending ? null : now,
        });
        db.AfterCommit(signal.Ring);
    }
}
