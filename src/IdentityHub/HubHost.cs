using IdentityHub.Access;
using IdentityHub.Account;
using IdentityHub.Admin;
using IdentityHub.Administration;
using IdentityHub.Api;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Devices;
using IdentityHub.Factors;
using IdentityHub.Keys;
using IdentityHub.Mail;
using IdentityHub.Messaging;
using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Protocol;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Throttling;
using IdentityHub.Users;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace IdentityHub;

/// <summary>Puts the capabilities together, and ends the process with one sentence when a setting is wrong.</summary>
internal static class HubHost
{
    public static Task<int> ServeAsync(string[] args, CancellationToken cancel) => GuardAsync(async () =>
    {
        await using var app = Build(args);
        await PrepareAsync(app, cancel);
        await StartAsync(app, cancel);
        await app.WaitForShutdownAsync(cancel);
        return 0;
    });

    public static Task<int> MigrateAsync(string[] args, CancellationToken cancel) => GuardAsync(async () =>
    {
        await using var app = Build(args);
        await using var scope = app.Services.CreateAsyncScope();
        var applied = await scope.ServiceProvider.GetRequiredService<Migrator>().MigrateAsync(cancel);
        Console.WriteLine(applied.Count == 0 ? "The database is current." : $"Applied: {string.Join(", ", applied)}.");
        return 0;
    });

    /// <summary>Runs one act of the command line against the installation's database, without serving.</summary>
    public static Task<int> RunAsync(Func<IServiceProvider, CancellationToken, Task<int>> act, CancellationToken cancel) => GuardAsync(async () =>
    {
        await using var app = Build([]);
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Migrator>().EnsureCurrentAsync(cancel);
        return await act(scope.ServiceProvider, cancel);
    });

    /// <param name="args">Settings in the ways of .NET.</param>
    /// <param name="time">The clock, which a test moves.</param>
    public static WebApplication Build(string[] args, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        QuietLibraries(builder.Configuration);
        IHostApplicationLifetime? lifetime = null;
        // What keeps the host from starting is thrown as well, and said once, in GuardAsync. Afterwards a filter of one's
        // own stands above every setting: without a level of its own it would let each step of starting and stopping through.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && lifetime?.ApplicationStarted.IsCancellationRequested is true);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddData();
        builder.Services.AddUsers().AddEntityFrameworkStores<HubDb>();
        builder.AddAudit();
        builder.AddKeys();
        builder.AddMessaging();
        builder.AddRelyingParties();
        builder.AddSessions();
        builder.AddThrottling();
        builder.AddDevices();
        builder.AddFactors();
        builder.AddBackChannelLogout();
        builder.AddRevocationFeed();
        builder.AddMail();
        builder.AddRevocation();
        builder.AddPages();
        builder.AddAccess();
        builder.AddPersons();
        builder.AddAccount();
        builder.AddAdministration();
        builder.AddAdmin();
        builder.AddApi();
        builder.AddProtocol();
        builder.AddHealth();
        builder.AddTelemetry();

        var app = builder.Build();
        lifetime = app.Lifetime;
        app.UseProxies();
        if (!HubRoles.Of(app.Configuration).Serves)
        {
            // Nothing of people or applications is answered here: only whether this node is well. Authentication stands
            // behind that, because left out the framework puts it first, and the protocol's endpoints live in it.
            app.UseHealthAlone();
            app.UseAuthentication();
            app.MapHealth();
            return app;
        }

        app.UseOAuthErrors();
        app.UsePages();
        app.UseKnownHosts();
        app.UseProtocol();
        app.UseLanguages();
        app.UseSessions();
        app.UseAdminAccess();
        app.UseAuthentication();
        app.MapPages();
        app.MapAccount();
        app.MapAdmin();
        app.MapApi();
        app.MapProtocol();
        app.MapRevocationFeed();
        app.MapHealth();
        return app;
    }

    /// <summary>Information of these would be a line per statement and per step of the protocol. Below every other source, so that each can say otherwise.</summary>
    private static void QuietLibraries(IConfigurationBuilder configuration)
    {
        string[] libraries = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "OpenIddict", "MassTransit"];
        // Their failures are exceptions too, which whoever catches them logs or, at the start, puts into one sentence.
        string[] alsoThrown = ["Microsoft.EntityFrameworkCore.Database.Command", "Microsoft.EntityFrameworkCore.Database.Connection"];
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = libraries.Select(l => (Name: l, Level: LogLevel.Warning))
                .Concat(alsoThrown.Select(l => (Name: l, Level: LogLevel.None)))
                .Select(l => KeyValuePair.Create($"Logging:LogLevel:{l.Name}", (string?)l.Level.ToString())),
        });
    }

    /// <summary>What must be in order before the first request: the database, the keys, the declared relying parties.</summary>
    public static async Task PrepareAsync(WebApplication app, CancellationToken cancel)
    {
        HubNetwork.CheckAddresses(app.Configuration);
        app.Services.GetService<IStartupValidator>()?.Validate();
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await services.GetRequiredService<Migrator>().EnsureCurrentAsync(cancel);
        await services.GetRequiredService<KeyRing>().LoadAsync(cancel);
        await services.GetRequiredService<DeclaredRelyingParties>().WriteAsync(services.GetRequiredService<RelyingPartyRegistry>(), cancel);
    }

    // The host leaves running what it had started when the rest cannot start, a taken port for example; to be disposed
    // under way, that would say so, and bury the one sentence that tells why.
    private static async Task StartAsync(WebApplication app, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    private static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (SettingException problem)
        {
            await Console.Error.WriteLineAsync($"IdentityHub cannot start: {problem.Message}");
            return 1;
        }
        catch (OptionsValidationException problem)
        {
            await Console.Error.WriteLineAsync($"IdentityHub cannot start: {string.Join(" ", problem.Failures)}");
            return 1;
        }
        catch (InvalidOperationException problem) when (problem.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            await Console.Error.WriteLineAsync($"IdentityHub cannot start: {problem.Message} A duration is written like 00:00:05, a switch as true or false.");
            return 1;
        }
        catch (IOException problem) when (problem.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"IdentityHub cannot start: {problem.Message} Stop the other program or choose another address with --urls.");
            return 1;
        }
    }
}
