using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Revocation;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Administration;

public sealed class RevocationListTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ada = Guid.CreateVersion7();
    private static readonly Guid Bob = Guid.CreateVersion7();

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task Every_filter_lets_through_what_it_says(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (signedOut, reset, revoked) = (Act(0, RevocationReason.SignedOut, Ada), Act(1, RevocationReason.PasswordReset, Bob), Act(2, RevocationReason.RevokedByAdministrator, Ada, "admin:x"));
        await database.AddAsync(signedOut, reset, revoked);
        await database.AddAsync(
            Delivery(signedOut, "notes", DeliveryState.Confirmed), Delivery(signedOut, "bank", DeliveryState.Confirmed),
            Delivery(reset, "notes", DeliveryState.Pending), Delivery(revoked, "bank", DeliveryState.Unconfirmed));

        Assert.Equal([revoked.Id, reset.Id, signedOut.Id], await IdsAsync(database, new()));
        Assert.Equal([reset.Id], await IdsAsync(database, new(Reason: RevocationReason.PasswordReset)));
        Assert.Equal([revoked.Id, signedOut.Id], await IdsAsync(database, new(UserId: Ada)));
        Assert.Equal([reset.Id, signedOut.Id], await IdsAsync(database, new(ClientId: "notes")));
        Assert.Equal([revoked.Id], await IdsAsync(database, new(Initiator: "admin:x")));
        Assert.Equal([revoked.Id, reset.Id], await IdsAsync(database, new(UnconfirmedOnly: true)));
        Assert.Equal([reset.Id], await IdsAsync(database, new(From: Start.AddMinutes(1), Until: Start.AddMinutes(2))));
        Assert.Equal([signedOut.Id], await IdsAsync(database, new(Until: Start.AddMinutes(1))));

        await using var db = database.Open();
        var row = (await new RevocationList(db, new AuditTrail(TimeProvider.System)).FindAsync(signedOut.Id, Cancel))!;
        Assert.Equal((2, 0, 0, 0), (row.Confirmed, row.Waiting, row.Refused, row.Unconfirmed));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Pages_follow_each_other_without_gap_or_repeat(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var acts = Enumerable.Range(0, (2 * RevocationList.PageSize) + 1).Select(n => Act(n, RevocationReason.SignedOut, Ada)).ToList();
        await database.AddAsync([.. acts]);
        await using var db = database.Open();
        var (list, seen, cursor) = (new RevocationList(db, new AuditTrail(TimeProvider.System)), new List<Guid>(), (Guid?)null);
        do
        {
            var page = await list.PageAsync(new(), cursor, RevocationList.PageSize, Cancel);
            Assert.True(page.Revocations.Count <= RevocationList.PageSize);
            seen.AddRange(page.Revocations.Select(r => r.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(acts.Select(a => a.Id).Reverse(), seen);
        Assert.Equal(seen, await list.AllAsync(new(), Cancel).Select(r => r.Id).ToListAsync(Cancel));
    }

    private static async Task<IEnumerable<Guid>> IdsAsync(HubDatabase database, RevocationFilter filter)
    {
        await using var db = database.Open();
        return (await new RevocationList(db, new AuditTrail(TimeProvider.System)).PageAsync(filter, null, RevocationList.PageSize, Cancel)).Revocations.Select(r => r.Id);
    }

    private static RevocationRecord Act(int minute, RevocationReason reason, Guid person, string initiator = "system") => new()
    {
        Id = Guid.CreateVersion7(Start.AddMinutes(minute)),
        At = Start.AddMinutes(minute),
        Reason = reason,
        Initiator = initiator,
        UserId = person,
        Sessions = 1,
        RelyingParties = 1,
    };

    private static LogoutDelivery Delivery(RevocationRecord act, string client, DeliveryState state) => new()
    {
        Id = Guid.CreateVersion7(act.At),
        RevocationId = act.Id,
        SessionId = Guid.CreateVersion7(),
        ClientId = client,
        Sid = Guid.CreateVersion7().ToString("N"),
        Subject = act.UserId.ToString(),
        CreatedAt = act.At,
        State = state,
        NextAttemptAt = state is DeliveryState.Pending ? act.At : null,
        GiveUpAt = act.At.AddDays(1),
    };
}
