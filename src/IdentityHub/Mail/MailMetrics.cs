using System.Diagnostics.Metrics;

namespace IdentityHub.Mail;

/// <summary>What the sender did, for operators. Meter <c>IdentityHub.Mail</c>.</summary>
internal sealed class MailMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _failures;

    public MailMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("IdentityHub.Mail");
        _attempts = meter.CreateCounter<long>("identityhub.mail.attempts", "{attempt}", "Attempts to send a mail, by kind and by the state they led to.");
        _failures = meter.CreateCounter<long>("identityhub.mail.failures", "{failure}", "Failures of the hub itself, for example of its database, while sending.");
    }

    public void Written(string kind, MailState state) => _attempts.Add(1, new("kind", kind), new("state", state.ToString()));

    public void Failed() => _failures.Add(1);
}
