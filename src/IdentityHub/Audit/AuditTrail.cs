using System.Security.Cryptography;
using System.Text.Json;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Audit;

/// <summary>
/// Adds entries to the caller's unit of work; the caller saves. Where a person acts, the entry says from where: the request
/// at hand is theirs.
/// </summary>
internal sealed class AuditTrail(TimeProvider time, IHttpContextAccessor? http = null)
{
    /// <param name="db">The unit of work of the act itself.</param>
    /// <param name="action">What happened, in snake case.</param>
    /// <param name="actor">Who did it: <c>user:…</c>, <c>client:…</c>, <c>system</c>.</param>
    /// <param name="userId">The person it happened to.</param>
    /// <param name="sessionId">The session it happened in or to.</param>
    /// <param name="details">Particulars, serialised as JSON.</param>
    public void Add(HubDb db, string action, string actor, Guid? userId = null, Guid? sessionId = null, object? details = null)
    {
        var entry = Entry(action, actor, userId, sessionId, details);
        // Its place in the chain is given to it later: an act must not wait for another to have its turn.
        db.Add(new AuditSeal { EntryId = entry.Id });
        db.Add(entry);
    }

    /// <summary>An entry for <see cref="WriteAsync"/>; the parameters are those of <see cref="Add"/>.</summary>
    public AuditEntry Entry(string action, string actor, Guid? userId = null, Guid? sessionId = null, object? details = null)
    {
        var now = time.GetUtcNow();
        var request = IsPerson(actor) && http?.HttpContext is { } context && context.Features.Get<ByProgram>() is null ? context : null;
        return new AuditEntry
        {
            Id = NewId(now),
            At = now,
            Action = action,
            Actor = actor,
            UserId = userId,
            SessionId = sessionId,
            IpAddress = request?.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Cut(request?.Request.Headers.UserAgent.ToString()),
            TraceSalt = request is null ? null : RandomNumberGenerator.GetBytes(AuditChain.SaltBytes),
            Details = details is null ? null : JsonSerializer.Serialize(details, JsonSerializerOptions.Web),
        };
    }

    /// <summary>
    /// Writes many at once, in the caller's transaction: on PostgreSQL by one statement, for those who write hundreds a
    /// second.
    /// </summary>
    public static async Task WriteAsync(HubDb db, IReadOnlyList<AuditEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        if (db is not PostgresHubDb)
        {
            db.AddRange(entries.Select(e => new AuditSeal { EntryId = e.Id }));
            db.AddRange(entries);
            await db.SaveChangesAsync();
            return;
        }

        var (ids, ats, actions) = (entries.Select(e => e.Id).ToArray(), entries.Select(e => e.At).ToArray(), entries.Select(e => e.Action).ToArray());
        var (users, actors, sessions) = (entries.Select(e => e.UserId).ToArray(), entries.Select(e => e.Actor).ToArray(), entries.Select(e => e.SessionId).ToArray());
        var (addresses, agents) = (entries.Select(e => e.IpAddress).ToArray(), entries.Select(e => e.UserAgent).ToArray());
        var (salts, details) = (entries.Select(e => e.TraceSalt).ToArray(), entries.Select(e => e.Details).ToArray());
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH entries AS (
                INSERT INTO audit_entries (id, at, action, user_id, actor, session_id, ip_address, user_agent, trace_salt, details)
                SELECT * FROM unnest({ids}, {ats}, {actions}, {users}, {actors}, {sessions}, {addresses}, {agents}, {salts}, {details})
                RETURNING id)
            INSERT INTO audit_seals (entry_id) SELECT id FROM entries
            """);
    }

    // What is told in the order of the identifiers is told in the order in which it happened, also within an act that took
    // less than a millisecond: the fraction stands where version 7 has chance (RFC 9562 §6.2, method 3).
    private static Guid NewId(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(id, bigEndian: true, out _);
        var fraction = (int)(now.Ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond);
        (id[6], id[7]) = ((byte)(0x70 | (fraction >> 8)), (byte)fraction);
        return new Guid(id, bigEndian: true);
    }

    // An application's request comes from its server, which says nothing about the person.
    private static bool IsPerson(string actor) => actor == "anonymous" || actor.StartsWith("user:", StringComparison.Ordinal) || actor.StartsWith(AuditEntry.Administrator, StringComparison.Ordinal);

    private static string? Cut(string? text) =>
        string.IsNullOrEmpty(text) ? null : text.Length <= AuditEntry.LongestUserAgent ? text : text[..AuditEntry.LongestUserAgent];
}

/// <summary>A feature of a request that a program sends, also where it asks in the name of a person.</summary>
internal sealed class ByProgram
{
    public static readonly ByProgram Mark = new();
}
