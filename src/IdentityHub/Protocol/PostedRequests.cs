using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityHub.Data;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Protocol;

/// <summary>
/// Turns a POST at the authorization or end-session endpoint into a GET with a reference (specs.md §0.1 C8): a
/// cross-site POST arrives without our <c>SameSite=Lax</c> cookie and would be taken for a stranger's. The parameters
/// stay in the database for ten minutes, so that a reload or a sign-in on the way finds them again.
/// </summary>
internal sealed class PostedRequests(RequestDelegate next)
{
    public const string Parameter = "posted_request";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public async Task InvokeAsync(HttpContext context, HubDb db, TimeProvider time)
    {
        var request = context.Request;
        if (request.Path != "/authorize" && request.Path != "/end-session")
        {
            await next(context);
        }
        else if (HttpMethods.IsPost(request.Method))
        {
            await StoreAsync(context, db, time.GetUtcNow());
        }
        else
        {
            await RestoreAsync(request, db, time.GetUtcNow());
            await next(context);
        }
    }

    private static async Task StoreAsync(HttpContext context, HubDb db, DateTimeOffset now)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        // Its size and encoding have been checked (ReadableRequest).
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var form = await reader.ReadToEndAsync(context.RequestAborted);
        var reference = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        db.Add(new PostedRequest { Id = Hash(reference), Parameters = form, ExpiresAt = now + Life });
        await db.SaveChangesAsync(context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = QueryHelpers.AddQueryString(context.Request.Path, Parameter, reference);
    }

    private static async Task RestoreAsync(HttpRequest request, HubDb db, DateTimeOffset now)
    {
        var reference = request.Query[Parameter].ToString();
        if (reference.Length == 0)
        {
            return;
        }

        var hash = Hash(reference);
        var stored = await db.Set<PostedRequest>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == hash && r.ExpiresAt > now);
        request.HttpContext.Features.Set(new OriginalQuery(request.QueryString));
        // What the hub itself added on the way (a consent, say) stands beside what was posted.
        var added = QueryString.Create(request.Query.Where(p => p.Key is not Parameter));
        request.QueryString = QueryString.FromUriComponent("?" + stored?.Parameters).Add(added);
    }

    private static string Hash(string reference) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(reference)));

    /// <summary>The query as the browser sent it, with the reference instead of what it stands for.</summary>
    internal sealed record OriginalQuery(QueryString Value);
}
