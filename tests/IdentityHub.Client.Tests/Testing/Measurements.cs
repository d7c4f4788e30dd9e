using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.Client.Tests.Testing;

/// <summary>What one application measured, as "instrument attribute=value …"; other applications of the process stay out.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _taken = new();

    public Measurements(Application application)
    {
        var scope = application.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope) && instrument.Meter.Name == IdentityHubDefaults.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Take(instrument, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Take(instrument, tags));
        _listener.Start();
    }

    public IReadOnlyList<string> Taken => [.. _taken];

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = $"{instrument.Name} [{instrument.Unit}]";
        foreach (var tag in tags)
        {
            text += $" {tag.Key}={tag.Value}";
        }

        _taken.Enqueue(text);
    }
}
