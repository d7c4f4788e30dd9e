using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>Writes a <see cref="BackChannelAnswer"/> to the wire.</summary>
internal static class BackChannelResponse
{
    public static async Task WriteAsync(HttpContext http, BackChannelAnswer answer, CancellationToken until)
    {
        try
        {
            await (answer switch
            {
                BackChannelAnswer.Status status => WriteStatusAsync(http, status),
                BackChannelAnswer.Redirect redirect => WriteRedirectAsync(http, redirect),
                BackChannelAnswer.Hang => new TaskCompletionSource().Task.WaitAsync(until),
                BackChannelAnswer.Reset => CloseAsync(http, ""),
                BackChannelAnswer.Garbage => CloseAsync(http, "\0\u0001\u0002 this is no HTTP\r\n\r\n"),
                BackChannelAnswer.SlowBody slow => WriteSlowlyAsync(http, slow.Interval, until),
                BackChannelAnswer.EndlessBody => WriteEndlesslyAsync(http, until),
                _ => throw new UnreachableException(),
            });
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // The sender gave up, or the test is over: how these answers are meant to end.
            http.Abort();
        }
    }

    private static Task WriteStatusAsync(HttpContext http, BackChannelAnswer.Status status)
    {
        http.Response.StatusCode = status.Code;
        return http.Response.WriteAsync(status.Body);
    }

    private static Task WriteRedirectAsync(HttpContext http, BackChannelAnswer.Redirect redirect)
    {
        http.Response.StatusCode = redirect.Code;
        http.Response.Headers.Location = redirect.Location.AbsoluteUri;
        return Task.CompletedTask;
    }

    private static async Task CloseAsync(HttpContext http, string lastWords)
    {
        var socket = http.Features.Get<IConnectionSocketFeature>()!.Socket;
        if (lastWords.Length > 0)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(lastWords));
        }
        else
        {
            // Closing with a linger time of zero sends RST instead of FIN.
            socket.LingerState = new(enable: true, seconds: 0);
        }

        socket.Close();
        http.Abort();
    }

    private static async Task WriteSlowlyAsync(HttpContext http, TimeSpan interval, CancellationToken until)
    {
        using var timer = new PeriodicTimer(interval);
        await http.Response.StartAsync(until);
        while (await timer.WaitForNextTickAsync(until))
        {
            await http.Response.WriteAsync(".", until);
            await http.Response.Body.FlushAsync(until);
        }
    }

    private static async Task WriteEndlesslyAsync(HttpContext http, CancellationToken until)
    {
        var block = new byte[64 * 1024];
        while (true)
        {
            until.ThrowIfCancellationRequested();
            await http.Response.Body.WriteAsync(block, until);
        }
    }
}
