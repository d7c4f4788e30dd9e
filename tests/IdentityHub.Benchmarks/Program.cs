using System.Globalization;
using IdentityHub.Benchmarks;

if (args is ["sink", var port])
{
    await Sink.ServeAsync(int.Parse(port, CultureInfo.InvariantCulture));
    return 0;
}

if (Options.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(Options.Usage);
    return 2;
}

var report = new Report(options);
if (options.Wants("check"))
{
    RevokedTokenCheck.Measure(options, report);
}

if (options.Wants("deliveries"))
{
    await Deliveries.MeasureAsync(options, report);
}

if (options.Wants("peer"))
{
    await Peer.MeasureAsync(options, report);
}

if (Array.TrueForAll(options.Only, only => only is "check" or "deliveries" or "peer") && options.Only.Length > 0)
{
    Console.WriteLine(report);
    return 0;
}

await using var rig = await Rig.StartAsync();
if (options.Wants("latency"))
{
    await Latency.MeasureAsync(rig, options, report);
}

if (options.Wants("sign-in"))
{
    await SignIn.MeasureAsync(rig, options, report);
}

foreach (var work in Work.All.Where(w => options.Wants(w.Name)))
{
    await Throughput.MeasureAsync(rig, work, options, report);
}

// Last: what is measured before is measured among few.
if (options.Wants("growth") || options.Wants("administration"))
{
    await Growth.MeasureAsync(rig, options, report);
}

Console.WriteLine(report);
return 0;
