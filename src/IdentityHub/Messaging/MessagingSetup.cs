using System.Text.Json;
using IdentityHub.Contracts;
using IdentityHub.Data;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityHub.Messaging;

/// <summary>
/// Messaging tells other processes, through the bus, what has been committed: the outbox keeps a message in the
/// transaction that decided it, the relay hands it to the broker. It may never be needed to end a session or to serve
/// a request: with the broker away the hub starts, serves, and owes the messages; and a message may never carry what
/// the database does not say.
/// </summary>
internal static class MessagingSetup
{
    public static WebApplicationBuilder AddMessaging(this WebApplicationBuilder builder)
    {
        var transport = Transport(builder.Configuration["Messaging:Transport"]);
        var broker = transport is MessagingTransport.RabbitMq ? Broker(builder.Configuration.GetConnectionString("RabbitMq")) : null;
        builder.Services.AddSingleton<Outbox>().AddSingleton<OutboxSignal>().AddSingleton<OutboxMetrics>();
        builder.Services.AddMassTransit(bus =>
        {
            // A server that ends sessions phones nobody.
            bus.DisableUsageTelemetry();
            // Without the broker sign-in and sign-out work and deliveries go out: that is degraded, not a reason to
            // take every node out of the load balancer.
            bus.ConfigureHealthCheckOptions(check => check.MinimalFailureStatus = HealthStatus.Degraded);
            if (broker is null)
            {
                bus.UsingInMemory((context, configure) => Configure(context, configure));
            }
            else
            {
                bus.UsingRabbitMq((context, configure) =>
                {
                    configure.Host(broker, host => host.PublisherConfirmation = true);
                    Configure(context, configure);
                });
            }
        });
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = false;
            host.StopTimeout = TimeSpan.FromSeconds(5);
        });
        // After the bus, so that it stops before it.
        builder.Services.AddHostedService<OutboxRelay>();
        return builder;
    }

    /// <summary>Gives <typeparamref name="TConsumer"/> a durable queue of its own; the nodes share its messages.</summary>
    public static void AddSubscription<TConsumer>(this IServiceCollection services, string queue) where TConsumer : class, IConsumer
    {
        services.AddSingleton<TConsumer>();
        services.AddSingleton(new Subscription(queue, (endpoint, provider) => endpoint.Consumer(provider.GetRequiredService<TConsumer>)));
    }

    /// <summary>Gives <typeparamref name="TConsumer"/> a queue per node, so that every node hears every message sent while it runs.</summary>
    public static void AddNodeSubscription<TConsumer>(this IServiceCollection services, string queue) where TConsumer : class, IConsumer
    {
        services.AddSingleton<TConsumer>();
        services.AddSingleton(new Subscription(queue, (endpoint, provider) => endpoint.Consumer(provider.GetRequiredService<TConsumer>), OfNode: true));
    }

    private static void Configure<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> configure) where T : IReceiveEndpointConfigurator
    {
        // The body is the contract and nothing around it, so that a consumer needs a JSON parser and no library of ours.
        configure.ClearSerialization();
        configure.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType);
        configure.ConfigureJsonSerializerOptions(json => new JsonSerializerOptions(json) { WriteIndented = false });
        configure.Message<SessionsRevoked>(message => message.SetEntityName(SessionsRevoked.Exchange));
        foreach (var subscription in context.GetServices<Subscription>())
        {
            configure.ReceiveEndpoint(subscription.Name, endpoint => subscription.Open(endpoint, context));
        }
    }

    private static MessagingTransport Transport(string? value) => value switch
    {
        null or "" => MessagingTransport.InMemory,
        _ when value.Equals(nameof(MessagingTransport.InMemory), StringComparison.OrdinalIgnoreCase) => MessagingTransport.InMemory,
        _ when value.Equals(nameof(MessagingTransport.RabbitMq), StringComparison.OrdinalIgnoreCase) => MessagingTransport.RabbitMq,
        _ => throw new SettingException($"Messaging:Transport is '{value}'; it must be InMemory (one node) or RabbitMq."),
    };

    // The value is not repeated in the message: it holds a password.
    private static Uri Broker(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new SettingException("ConnectionStrings:RabbitMq is missing; with Messaging:Transport=RabbitMq it must be the broker's address, for example amqp://user:password@localhost:5672/.");
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps" && address.Host.Length > 0
            ? address
            : throw new SettingException("ConnectionStrings:RabbitMq is not a broker's address; it must look like amqp://user:password@localhost:5672/ or amqps://….");
    }
}

internal enum MessagingTransport
{
    InMemory,
    RabbitMq,
}
