using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;

namespace Spa;

/// <summary>
/// An API of somebody else's that wants the person's access token. The backend has it and adds it; the browser sends its
/// cookie and never learns the token.
/// </summary>
internal sealed class Upstream(HttpClient http, IConfiguration configuration)
{
    public async Task<IResult> AskAsync(HttpContext context)
    {
        if (configuration["Api"] is not { Length: > 0 } address)
        {
            return Results.Json(new { configured = false });
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(address), "/me"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await context.GetTokenAsync("access_token"));
        try
        {
            using var answer = await http.SendAsync(request, context.RequestAborted);
            return answer.StatusCode is HttpStatusCode.OK
                ? Results.Json(new { configured = true, sub = (await answer.Content.ReadFromJsonAsync<JsonElement>(context.RequestAborted)).GetProperty("sub").GetString() })
                : Results.Json(new { configured = true, refused = (int)answer.StatusCode });
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            return Results.Problem(statusCode: 502, title: "The API does not answer.");
        }
    }
}
