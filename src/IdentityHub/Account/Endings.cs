using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using System.Security.Cryptography;

namespace IdentityHub.Account;

/// <summary>
/// From an act that ended sessions to the page that says what became of it. The address carries the act sealed, so that
/// it can be shown after the person's own session has ended as well, and nobody else's act can be asked for.
/// </summary>
internal sealed class Endings(HubDb db, Confirmations confirmations, SessionCookie cookie, IDataProtectionProvider protection)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("IdentityHub.Account.Endings").ToTimeLimitedDataProtector();

    /// <summary>Waits a bounded while for the applications (I1) and leads to the page.</summary>
    public async Task<IResult> ShowAsync(HttpContext context, Ended ended, bool endedThis) => SeeOther.To(await AddressAsync(context, ended, endedThis));

    /// <summary>The same, for an answer that shows something else first: the address of the page.</summary>
    public async Task<string> AddressAsync(HttpContext context, Ended ended, bool endedThis)
    {
        await confirmations.WaitAsync(ended, context.RequestAborted);
        if (endedThis)
        {
            cookie.Expire(context.Response);
            // ASVS 14.3.1. Without "cookies": that would clear those of every application under the same registrable domain.
            context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        }

        return $"{WhatEnded.Path}?act={Uri.EscapeDataString(_seal.Protect(ended.RevocationId.ToString(), Life))}";
    }

    /// <summary>One page of its applications. Null when the address was not sealed here, is too old, or the record is gone.</summary>
    public async Task<Ending?> FindAsync(string? act, int? page, CancellationToken cancel) =>
        Open(act) is { } id && await db.Set<RevocationRecord>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel) is { } record
            ? new(record, await OutcomesAsync(record, page))
            : null;

    /// <param name="record">The act.</param>
    /// <param name="page">Which page of its applications.</param>
    public async Task<OutcomePage> OutcomesAsync(RevocationRecord record, int? page) => OutcomePage.Of(await confirmations.CountAsync(record.Id), page);

    private Guid? Open(string? act)
    {
        try
        {
            return string.IsNullOrEmpty(act) ? null : Guid.Parse(_seal.Unprotect(act));
        }
        catch (CryptographicException)
        {
            // Forged, expired, or of another purpose: as if it had not been sent.
            return null;
        }
    }
}

internal sealed record Ending(RevocationRecord Record, OutcomePage Applications);
