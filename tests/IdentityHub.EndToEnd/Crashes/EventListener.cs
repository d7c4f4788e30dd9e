using System.Collections.Concurrent;
using System.Text.Json;
using IdentityHub.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>
/// Another system that subscribes to the hub's events with a queue of its own, as the contract says: it knows the
/// exchange's name and reads JSON.
/// </summary>
internal sealed class EventListener(Uri broker) : IAsyncDisposable
{
    private const string Queue = "a-subscriber";

    private readonly ConcurrentDictionary<Guid, int> _heard = [];
    private IConnection? _connection;

    /// <summary>The acts heard of, with how often.</summary>
    public IReadOnlyDictionary<Guid, int> Heard => _heard;

    /// <summary>Makes the queue, which keeps what is published while nobody listens, and listens.</summary>
    public async Task StartAsync()
    {
        _connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        var channel = await _connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(SessionsRevoked.Exchange, ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(Queue, SessionsRevoked.Exchange, "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var heard = JsonSerializer.Deserialize<SessionsRevoked>(delivery.Body.Span, JsonSerializerOptions.Web)!;
            _heard.AddOrUpdate(heard.RevocationId, 1, (_, times) => times + 1);
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer);
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;
}
