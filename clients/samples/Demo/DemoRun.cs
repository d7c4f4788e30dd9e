using System.Net;
using System.Net.Sockets;

namespace Demo;

/// <summary>From free ports to applications that answer, in order; every step that fails says what to do.</summary>
internal sealed class DemoRun(DemoPlan plan, Children children)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    public async Task StartAsync(IEnumerable<Person> people, CancellationToken cancel)
    {
        foreach (var port in plan.Ports)
        {
            RequireFree(port);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartLimit);
        foreach (var person in people)
        {
            await AddAsync(person, limit.Token);
        }

        children.Start(plan.HubProcess);
        foreach (var application in plan.Applications)
        {
            children.Start(application);
        }

        var ready = Task.WhenAll(plan.Applications.Prepend(plan.HubProcess).Select(child => AnswersAsync(child, limit.Token)));
        var ended = children.FirstEndAsync(limit.Token);
        if (await Task.WhenAny(ready, ended) == ended)
        {
            throw Died(await ended);
        }

        await ready;
    }

    /// <summary>Returns when asked to stop; throws when a process dies before.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            var ended = await children.FirstEndAsync(cancel);
            // Ctrl+C reaches the children too, and they may be quicker than our own signal handler.
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            throw Died(ended);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl+C or SIGTERM: the normal end.
        }
    }

    private async Task AddAsync(Person person, CancellationToken cancel)
    {
        var code = await children.RunAsync(
            plan.HubProcess, person.Password, cancel, "person", "add", person.Email, "--name", person.Name, "--password-stdin");
        if (code != 0)
        {
            throw new DemoFailure($"The demo's people could not be added to the hub (exit code {code}).\n{Tail(plan.HubProcess)}");
        }
    }

    private static void RequireFree(int port)
    {
        try
        {
            foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }.Where(a => a.AddressFamily is AddressFamily.InterNetwork || Socket.OSSupportsIPv6))
            {
                using var probe = new TcpListener(address, port) { ExclusiveAddressUse = true };
                probe.Start();
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new DemoFailure($"Port {port} is taken. Choose other ports with --port-base, for example --port-base 6000.");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            // No IPv6 loopback on this machine; Kestrel then listens on IPv4 alone.
        }
    }

    private static async Task AnswersAsync(Child child, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(5) };
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            try
            {
                using var answer = await http.GetAsync(child.Ready, cancel);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // Not listening yet.
            }
        }
        while (await again.WaitForNextTickAsync(cancel));
    }

    private static DemoFailure Died(Child child) => new($"{child.Name} ended. The last lines it wrote:\n{Tail(child)}");

    private static string Tail(Child child) => string.Join('\n', File.ReadLines(child.Log).TakeLast(20));
}
