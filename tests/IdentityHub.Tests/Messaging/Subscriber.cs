using System.Text;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace IdentityHub.Tests.Messaging;

/// <summary>Another system that listens to the hub: knows the exchange's name and AMQP, and nothing of ours.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly Channel<Heard> _heard = Channel.CreateUnbounded<Heard>();
    private readonly IConnection _connection;

    private Subscriber(IConnection connection) => _connection = connection;

    public bool HeardNothingMore => !_heard.Reader.TryPeek(out _);

    public static async Task<Subscriber> ListenAsync(Uri broker)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var subscriber = new Subscriber(connection);
        var channel = await connection.CreateChannelAsync();
        // As the contract documents the exchange: declaring it with other properties would be refused by the broker.
        await channel.ExchangeDeclareAsync("identityhub.sessions-revoked", ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync("other-system", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync("other-system", "identityhub.sessions-revoked", "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            var properties = message.BasicProperties;
            subscriber._heard.Writer.TryWrite(new Heard(
                Encoding.UTF8.GetString(message.Body.Span), properties.ContentType, properties.MessageId, properties.Persistent));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync("other-system", autoAck: true, consumer);
        return subscriber;
    }

    public Task<Heard> NextAsync(TimeSpan within) => _heard.Reader.ReadAsync().AsTask().WaitAsync(within);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    internal sealed record Heard(string Body, string? ContentType, string? MessageId, bool Persistent);
}
