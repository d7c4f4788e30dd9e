using IdentityHub.Data;
using System.Security.Cryptography;
using System.Text.Json;

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
        var now = time.GetUtcNow();
        var request = IsPerson(actor) && http?.HttpContext is { } context && context.Features.Get<ByProgram>() is null ? context : null;
        var id = Guid.CreateVersion7(now);
        // Its place in the chain is given to it later: an act must not wait for another to have its turn.
        db.Add(new AuditSeal { EntryId = id });
        db.Add(new AuditEntry
        {
            Id = id,
            At = now,
            Action = action,
            Actor = actor,
            UserId = userId,
            SessionId = sessionId,
            IpAddress = request?.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Cut(request?.Request.Headers.UserAgent.ToString()),
            TraceSalt = request is null ? null : RandomNumberGenerator.GetBytes(AuditChain.SaltBytes),
            Details = details is null ? null : JsonSerializer.Serialize(details, JsonSerializerOptions.Web),
        });
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
