using System.Diagnostics;
using IdentityHub.Data;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IdentityHub;

/// <summary>
/// Metrics and traces by OpenTelemetry, to the collector that the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>
/// names; without one nothing is collected. No tag says who a person is: no address, no agent, no query.
/// </summary>
internal static class HubTelemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[Endpoint] is not { Length: > 0 } endpoint)
        {
            return builder;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var collector) || collector.Scheme is not ("http" or "https"))
        {
            throw new SettingException($"{Endpoint} is '{endpoint}'; it must be the address of a collector such as http://localhost:4317.");
        }

        Trace(builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("identityhub", serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId))
            .WithMetrics(metrics => metrics
                .AddMeter("IdentityHub.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime")
                .AddOtlpExporter()));
        return builder;
    }

    private static void Trace(IOpenTelemetryBuilder telemetry) => telemetry.WithTracing(traces => traces
        .AddSource("IdentityHub", "MassTransit", "Npgsql")
        .AddAspNetCoreInstrumentation(options =>
        {
            options.Filter = context => !context.Request.Path.StartsWithSegments("/health");
            options.EnrichWithHttpRequest = static (activity, _) => Forget(activity);
            options.EnrichWithHttpResponse = static (activity, _) => Forget(activity);
        })
        .AddHttpClientInstrumentation()
        .AddOtlpExporter());

    private static void Forget(Activity activity)
    {
        foreach (var tag in new[] { "client.address", "user_agent.original", "url.query" })
        {
            activity.SetTag(tag, null);
        }
    }
}
