using System.Runtime.InteropServices;
using System.Text.Json;
using Demo;

if (args is [Keeper.Argument, var kept])
{
    // Ctrl+C and a closed terminal reach all processes at once; the keeper goes last, when the demo is gone.
    using var noInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
    using var noHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
    using var noTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
    Keeper.Keep(kept);
    return 0;
}

var (arguments, problem) = Arguments.Parse(args);
if (arguments is null)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

if (arguments.Help)
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
var folder = Directory.CreateTempSubdirectory("identityhub-demo-").FullName;
using var keeper = new Keeper(folder);
using var children = new Children(keeper);
var plan = new DemoPlan(arguments.PortBase, folder);
var people = Person.All();
try
{
    var run = new DemoRun(plan, children);
    await run.StartAsync(people, stop.Token);
    Console.WriteLine(arguments.Json ? Json() : Text());
    await run.RunAsync(stop.Token);
    return 0;
}
catch (DemoFailure failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("The demo was not ready after five minutes. Is this machine very busy? Please try again.");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

string Json() => JsonSerializer.Serialize(new { hub = plan.Hub, apps = new { notes = plan.Notes, bank = plan.Bank, spa = plan.Spa }, api = plan.Api, people });

string Text() => $"""

      The hub  {plan.Hub}
      Notes    {plan.Notes}
      Bank     {plan.Bank}
      Tasks    {plan.Spa}, which calls the API at {plan.Api}

    Sign in as
    {string.Join('\n', people.Select(p => $"  {p.Email,-18} {p.Password}"))}

    Sign in at Notes, open Bank and Tasks, then sign out at Notes: Tasks empties while you look, Bank when you reload it.
    Ctrl+C ends the demo and removes everything it stored.
    """;
