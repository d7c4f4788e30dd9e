using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;

namespace IdentityHub.Tests.BackChannelLogout;

/// <summary>Rows as they stand when a session has ended: a person, sessions, relying parties, deliveries.</summary>
internal sealed class Situation(HubDatabase database)
{
    public User Person { get; } = NewPerson();

    public Task<UserSession> SessionAsync(params string[] clients) => SessionAsync(TimeProvider.System.GetUtcNow(), clients);

    /// <param name="lastCodeAt">When each of the clients was given a code.</param>
    /// <param name="clients">Who took part.</param>
    public async Task<UserSession> SessionAsync(DateTimeOffset lastCodeAt, params string[] clients)
    {
        var (session, now) = (NewSession(Person.Id), TimeProvider.System.GetUtcNow());
        await database.AddAsync(
        [
            .. await database.ReadAsync(db => Task.FromResult(db.Set<User>().Any(u => u.Id == Person.Id))) ? Array.Empty<object>() : [Person],
            session,
            .. clients.Select(c => new SessionParticipant { SessionId = session.Id, ClientId = c, FirstSeenAt = now, LastCodeAt = lastCodeAt }),
        ]);
        return session;
    }

    public Task RelyingPartyAsync(string clientId, Uri? logoutUri, Action<RelyingParty>? change = null)
    {
        var party = new RelyingParty { ClientId = clientId, DisplayName = $"The {clientId}", BackChannelLogoutUri = logoutUri?.AbsoluteUri };
        change?.Invoke(party);
        return database.AddAsync(party);
    }

    public async Task<LogoutDelivery> DeliveryAsync(string clientId, Func<LogoutDelivery, LogoutDelivery>? change = null)
    {
        var delivery = Delivery(clientId, Person);
        delivery = change?.Invoke(delivery) ?? delivery;
        await database.AddAsync(delivery);
        return delivery;
    }

    public static LogoutDelivery Delivery(string clientId, User? person = null, DateTimeOffset? due = null, DateTimeOffset? giveUpAt = null, Guid? revocation = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new LogoutDelivery
        {
            Id = Guid.CreateVersion7(now),
            RevocationId = revocation ?? Guid.CreateVersion7(now),
            SessionId = Guid.CreateVersion7(now),
            ClientId = clientId,
            Sid = SessionCookie.NewSid(),
            Subject = (person?.Id ?? Guid.CreateVersion7(now)).ToString(),
            CreatedAt = now,
            State = DeliveryState.Pending,
            NextAttemptAt = due ?? now,
            GiveUpAt = giveUpAt ?? now.AddHours(24),
        };
    }

    private static User NewPerson()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        return new User { Id = id, UserName = $"{id:N}", NormalizedUserName = $"{id:N}".ToUpperInvariant(), SecurityStamp = "stamp" };
    }

    private static UserSession NewSession(Guid userId)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new UserSession
        {
            Id = Guid.CreateVersion7(now),
            Sid = SessionCookie.NewSid(),
            CookieHash = SessionCookie.Hash(SessionCookie.NewValue())!,
            UserId = userId,
            CreatedAt = now,
            AuthenticatedAt = now,
            Amr = "pwd",
            LastSeenAt = now,
            ExpiresAt = now.AddHours(1),
            AbsoluteExpiresAt = now.AddHours(24),
            IdleTimeout = TimeSpan.FromHours(1),
            AbsoluteTimeout = TimeSpan.FromHours(24),
            Remembered = false,
        };
    }
}
