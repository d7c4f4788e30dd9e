using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Tests.BackChannelLogout;

/// <summary>A relying party's logout endpoint on a real Kestrel, which answers as the test says and remembers what it got.</summary>
internal sealed class ReceiverStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _atOnce;

    private ReceiverStub(WebApplication app) => _app = app;

    public Uri Address => new(new Uri(_app.Urls.First()), "/logout?app=1");

    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>The tokens of the form, in the order of arrival.</summary>
    public IReadOnlyList<string> Tokens => [.. Requests.Select(r => r.Form["logout_token"].ToString())];

    public int MostAtOnce { get; private set; }

    public static Task<ReceiverStub> AnsweringAsync(int status) => AnsweringAsync(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    public static async Task<ReceiverStub> AnsweringAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var stub = new ReceiverStub(builder.Build());
        stub._app.Run(async context =>
        {
            stub.Begin();
            try
            {
                stub.Requests.Enqueue(new Received(
                    context.Request.Method, context.Request.Path + context.Request.QueryString, context.Request.ContentType, await context.Request.ReadFormAsync(), context.Connection.Id, context.Request.Headers.TraceParent));
                await answer(context);
            }
            finally
            {
                Interlocked.Decrement(ref stub._atOnce);
            }
        });
        await stub._app.StartAsync();
        return stub;
    }

    private void Begin()
    {
        lock (Requests)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
        }
    }

    /// <summary>Never answers; ends when the other side gives up.</summary>
    public static Task Hang(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    internal sealed record Received(string Method, string Target, string? ContentType, IFormCollection Form, string Connection, string? TraceParent);
}
