using IdentityHub.Client.Sessions;

namespace IdentityHub.Client.Tests.Interleavings;

/// <summary>
/// The provider's side of a history: who is signed in there, what it has ended, and which ends the application has
/// confirmed. An ended session gets no tokens; what it issued before may still be on its way.
/// </summary>
internal sealed class Hub
{
    /// <summary>The third one's provider sends no sid, so only all of their sessions can be ended.</summary>
    private static readonly string[] People = ["ada", "grace", "alan"];

    private readonly string _run = Guid.CreateVersion7().ToString("N");
    private readonly List<HubSession> _sessions = [];

    public sealed class HubSession(string subject, string sid, bool tellsSid)
    {
        public string Subject => subject;

        public string? Sid => tellsSid ? sid : null;

        public bool Ended { get; set; }
    }

    public sealed class Announcement(LogoutNotice notice, IReadOnlyList<HubSession> ended)
    {
        public LogoutNotice Notice => notice;

        public IReadOnlyList<HubSession> Ended => ended;

        public bool Confirmed { get; set; }
    }

    public List<Announcement> Announcements { get; } = [];

    /// <summary>A session to sign in with: a new one, or one that is there already (single sign-on).</summary>
    public HubSession SignIn(int which)
    {
        var person = which % People.Length;
        var subject = $"{People[person]}-{_run}";
        if (which / People.Length % 2 == 0 && _sessions.FindLast(s => s.Subject == subject && !s.Ended) is { } known)
        {
            return known;
        }

        var session = new HubSession(subject, $"s{_sessions.Count}-{_run}", person < 2);
        _sessions.Add(session);
        return session;
    }

    /// <summary>Ends one session or all of its person, and says what to tell; null when there is nothing to end.</summary>
    public Announcement? End(int which, bool everywhere, DateTimeOffset now)
    {
        if (_sessions.Count == 0)
        {
            return null;
        }

        var session = _sessions[which % _sessions.Count];
        everywhere |= session.Sid is null;
        var ended = everywhere ? _sessions.Where(s => s.Subject == session.Subject).ToList() : [session];
        ended.ForEach(s => s.Ended = true);
        var notice = new LogoutNotice
        {
            Issuer = "https://id.example",
            Sid = everywhere ? null : session.Sid,
            Subject = everywhere || which % 2 == 0 ? session.Subject : null,
            IssuedAt = Seconds(now),
            TokenId = Guid.CreateVersion7().ToString("N"),
            TokenExpiresAt = now.AddMinutes(2.5),
            RememberUntil = now.AddMinutes(10),
        };
        var announcement = new Announcement(notice, ended);
        Announcements.Add(announcement);
        return announcement;
    }

    /// <summary>Tokens have whole seconds.</summary>
    public static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
