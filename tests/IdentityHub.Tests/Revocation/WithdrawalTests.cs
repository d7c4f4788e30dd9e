using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Messaging;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Mail;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Revocation;

/// <summary>What <c>WhatEndsWhatTests</c> does not say of a withdrawal: what stays, and what comes after.</summary>
public sealed class WithdrawalTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task The_permission_goes_the_session_stays_and_the_application_is_open_in_it_no_longer(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (situation, session) = await SceneAsync(database);

        await WithdrawAsync(database, situation, session);

        Assert.Equal(["bank"], await database.ReadAsync(db => db.Set<Consent>().Select(c => c.ClientId).ToListAsync()));
        Assert.Equal(["bank"], await database.ReadAsync(db => db.Set<SessionParticipant>().Select(p => p.ClientId).ToListAsync()));
        Assert.True(await database.ReadAsync(db => db.Set<UserSession>().AnyAsync(s => s.Id == session.Id && s.EndedAt == null)));
        var entry = await database.ReadAsync(db => db.Set<AuditEntry>().SingleAsync());
        Assert.Equal(("application_withdrawn", $$"""{"client":"notes"}"""), (entry.Action, entry.Details));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Who_goes_back_and_signs_out_has_the_application_told_again(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (situation, session) = await SceneAsync(database);
        await WithdrawAsync(database, situation, session);
        await ParticipateAsync(database, session);
        await WithdrawAsync(database, situation, session);
        await ParticipateAsync(database, session);

        await using var mail = MailNode.Idle(database);
        await using var db = database.Open();
        var ended = await Revoker(db, mail).EndSessionAsync(session.Id, RevocationReason.SignedOut, Initiator.System);

        Assert.Equal(2, ended.RelyingParties);
        var told = await database.ReadAsync(x => x.Set<LogoutDelivery>().Select(d => new { d.ClientId, d.Withdrawal }).ToListAsync());
        Assert.Equal(["bank False", "notes False", "notes True", "notes True"], told.Select(d => $"{d.ClientId} {d.Withdrawal}").Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task From_a_session_that_is_over_nothing_is_withdrawn(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (situation, session) = await SceneAsync(database);
        await using (var mail = MailNode.Idle(database))
        await using (var db = database.Open())
        {
            await Revoker(db, mail).EndSessionAsync(session.Id, RevocationReason.SignedOut, Initiator.System);
        }

        Assert.Equal(Ended.Nothing, await WithdrawAsync(database, situation, session));

        Assert.Equal(2, await database.ReadAsync(db => db.Set<Consent>().CountAsync()));
    }

    private static async Task<(Situation, UserSession)> SceneAsync(HubDatabase database)
    {
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("notes", new Uri("http://127.0.0.1:1/logout"));
        await situation.RelyingPartyAsync("bank", new Uri("http://127.0.0.1:1/logout"));
        var session = await situation.SessionAsync("notes", "bank");
        await database.AddAsync([.. new[] { "notes", "bank" }.Select(c => new Consent { UserId = situation.Person.Id, ClientId = c, Scopes = "openid", GrantedAt = session.CreatedAt })]);
        return (situation, session);
    }

    private static Task ParticipateAsync(HubDatabase database, UserSession session) =>
        database.AddAsync(new SessionParticipant { SessionId = session.Id, ClientId = "notes", FirstSeenAt = session.CreatedAt, LastCodeAt = session.CreatedAt });

    private static async Task<Ended> WithdrawAsync(HubDatabase database, Situation situation, UserSession session)
    {
        await using var db = database.Open();
        var time = TimeProvider.System;
        return await new Withdrawal(db, Deliveries(db), new Outbox(time), new OutboxSignal(time), new AuditTrail(time), time)
            .WithdrawAsync(situation.Person.Id, session.Id, "notes", Initiator.Person(situation.Person.Id));
    }

    private static SessionRevoker Revoker(HubDb db, MailNode mail)
    {
        var time = TimeProvider.System;
        return new SessionRevoker(db, Deliveries(db), new Outbox(time), new OutboxSignal(time), new FeedSignal(time), new Notices(mail.Queue, mail.Links), new AuditTrail(time), time);
    }

    private static LogoutDeliveries Deliveries(HubDb db) =>
        new(db, new FirstAttempts(TimeProvider.System), Options.Create(new BackChannelLogoutOptions()), TimeProvider.System);
}
