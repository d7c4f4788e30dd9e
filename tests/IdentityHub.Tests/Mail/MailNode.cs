using System.Collections.Concurrent;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Mail;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Tests.Mail;

/// <summary>What of a hub node sends mail, as the hub sets it up, with a clock that a test moves.</summary>
internal sealed class MailNode : IAsyncDisposable
{
    public const string Issuer = "https://id.example.com";

    private readonly WebApplication _app;
    private readonly HubDatabase _database;

    private MailNode(HubDatabase database, FakeTimeProvider clock, Action<IServiceCollection>? with, (string, string)[] settings)
    {
        (_database, Clock) = (database, clock);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Item1, (string?)s.Item2)));
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(Options.Create(new HubOptions { Issuer = Issuer, DataFolder = database.Folder }));
        database.AddTo(builder.Services);
        builder.AddKeys().AddMail();
        with?.Invoke(builder.Services);
        _app = builder.Build();
    }

    public FakeTimeProvider Clock { get; }

    public Written Log { get; } = new();

    public MailQueue Queue => _app.Services.GetRequiredService<MailQueue>();

    public MailedLinks Links => _app.Services.GetRequiredService<MailedLinks>();

    public SealedMail Open(QueuedMail mail) => _app.Services.GetRequiredService<MailSeal>().Open(mail.Content!);

    public string Folder => Path.Combine(_database.Folder, "mail");

    /// <summary>Queues and prunes, but does not send.</summary>
    public static MailNode Idle(HubDatabase database, params (string, string)[] settings) => new(database, NewClock(), null, settings);

    public static async Task<MailNode> StartAsync(HubDatabase database, Action<IServiceCollection>? with, params (string, string)[] settings)
    {
        var node = new MailNode(database, NewClock(), with, settings);
        await node._app.StartAsync();
        return node;
    }

    public Task<int> ForgetAsync() => _app.Services.GetServices<IHostedService>().OfType<MailPruning>().Single().ForgetAsync(default);

    /// <summary>Queues one notice and commits.</summary>
    public async Task QueueAsync(string address = "ada@example.com", Letter? letter = null)
    {
        await using var db = _database.Open();
        await db.InTransactionAsync(() =>
        {
            Queue.AddNotice(db, new Addressee(address, Name: "Ada"), letter ?? new Letter("PasswordChanged", "today"));
            return db.SaveChangesAsync();
        });
    }

    public Task<List<QueuedMail>> RowsAsync() => _database.ReadAsync(db => db.Set<QueuedMail>().AsNoTracking().OrderBy(m => m.Id).ToListAsync());

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static FakeTimeProvider NewClock() => new(TimeProvider.System.GetUtcNow());

    /// <summary>Every line that was logged, at any level.</summary>
    internal sealed class Written : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
