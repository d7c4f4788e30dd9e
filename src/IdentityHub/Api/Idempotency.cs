using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityHub.Data;
using IdentityHub.Keys;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Api;

/// <summary>
/// An act with an <c>Idempotency-Key</c> is done once within 24 hours, however often it is sent. The key, the act and the
/// answer are one transaction: a second request with the same key waits for the first and is given its answer, and after a
/// crash there is either all of it or nothing.
/// </summary>
internal sealed class Idempotency(KeySeal seal, TimeProvider time) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    public const string Replayed = "Idempotency-Replayed";
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private const int Longest = 255;
    private const int MostAttempts = 3;
    private const int NotOurs = StatusCodes.Status409Conflict;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(Header, out var values))
        {
            return await next(context);
        }

        if (values is not [{ Length: > 0 and <= Longest } key] || key.Any(c => c is < '!' or > '~'))
        {
            return ApiProblem.Member(Header, $"{Header} must be one value of 1 to {Longest} visible ASCII characters.");
        }

        if (await HashAsync(http) is not { } request)
        {
            return ApiJson.TooLarge;
        }

        var db = http.RequestServices.GetRequiredService<HubDb>();
        var caller = ApiCaller.Of(http);
        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.ClientId}\n{caller.UserId}\n{key}"));
        for (var attempt = 0; ; attempt++)
        {
            if (await AnswerOfAsync(db, id, request, http) is { } answered)
            {
                return answered;
            }

            if (await DoAsync(db, id, request, async () => await next(context)) is { } done)
            {
                return done;
            }

            // Another request has written this key meanwhile: what it answered is the answer.
            if (attempt == MostAttempts)
            {
                return ApiProblem.Conflict($"Another request with this {Header} is under way.");
            }
        }
    }

    private async Task<object?> DoAsync(HubDb db, byte[] id, byte[] request, Func<Task<object?>> act)
    {
        object? result = null;
        var expires = (time.GetUtcNow() + Kept).ToUnixTimeSeconds();
        await db.InTransactionAsync(
            async () =>
            {
                // Waits here for another request with the same key, until that is committed or taken back.
                if (await db.Database.ExecuteSqlAsync($"INSERT INTO idempotent_answers (id, request, status, expires_at) VALUES ({id}, {request}, 0, {expires}) ON CONFLICT (id) DO NOTHING") == 0)
                {
                    return NotOurs;
                }

                result = await act();
                var (status, body) = Take(result);
                if (status >= 400)
                {
                    // Taken back, with whatever has failed in this transaction.
                    return status;
                }

                body = body is null ? null : Convert.ToBase64String(seal.Seal(Encoding.UTF8.GetBytes(body), Use(id)));
                await db.Set<IdempotentAnswer>().Where(a => a.Id == id).ExecuteUpdateAsync(a => a.SetProperty(x => x.Status, status).SetProperty(x => x.Body, body));
                return status;
            },
            // What was refused is judged anew.
            keep: status => status < 400);
        return result;
    }

    private async Task<IResult?> AnswerOfAsync(HubDb db, byte[] id, byte[] request, HttpContext http)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        await db.Set<IdempotentAnswer>().Where(a => a.Id == id && a.ExpiresAt <= now).ExecuteDeleteAsync();
        if (await db.Set<IdempotentAnswer>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == id) is not { } answer)
        {
            return null;
        }

        if (!answer.Request.AsSpan().SequenceEqual(request))
        {
            return ApiProblem.Of(
                StatusCodes.Status422UnprocessableEntity, "Unprocessable content", $"This {Header} was used for another request; take a new one.",
                new Dictionary<string, string[]> { [Header] = ["It was used for another request."] });
        }

        http.Response.Headers[Replayed] = "true";
        return answer.Body is null ? TypedResults.StatusCode(answer.Status) : TypedResults.Text(Encoding.UTF8.GetString(seal.Open(Convert.FromBase64String(answer.Body), Use(id))), "application/json", Encoding.UTF8, answer.Status);
    }

    // The answer may be the only place that has a secret, and stays it: whoever reads the table cannot use it.
    private static string Use(byte[] id) => $"idempotent answer {Convert.ToHexString(id)}";

    private static (int Status, string? Body) Take(object? result) => (
        (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK,
        result is IValueHttpResult { Value: { } value } ? JsonSerializer.Serialize(value, value.GetType(), ApiJson.Options) : null);

    // Null where the body is larger than any act's.
    private static async Task<byte[]?> HashAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        var body = new byte[ApiJson.LargestBody + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        http.Request.Body.Position = 0;
        return length > ApiJson.LargestBody
            ? null
            : SHA256.HashData([.. Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}\n"), .. body.AsSpan(0, length)]);
    }
}
