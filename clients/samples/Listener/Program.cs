using System.Text.Json;
using IdentityHub.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

var broker = new ConnectionFactory { Uri = new Uri(Environment.GetEnvironmentVariable("BROKER") ?? "amqp://guest:guest@localhost:5672/") };
await using var connection = await broker.CreateConnectionAsync();
await using var channel = await connection.CreateChannelAsync();

// A queue of one's own, which keeps what ends while this is not running.
await channel.ExchangeDeclareAsync(SessionsRevoked.Exchange, ExchangeType.Fanout, durable: true);
await channel.QueueDeclareAsync("listener", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
await channel.QueueBindAsync("listener", SessionsRevoked.Exchange, routingKey: "");

var consumer = new AsyncEventingBasicConsumer(channel);
consumer.ReceivedAsync += async (_, message) =>
{
    var ended = JsonSerializer.Deserialize<SessionsRevoked>(message.Body.Span, JsonSerializerOptions.Web)!;
    Console.WriteLine($"{ended.Reason}: {string.Join(' ', ended.Sids)}");
    // Only now: what was not acted upon comes again. It may also come twice, with the same revocationId.
    await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
};
await channel.BasicConsumeAsync("listener", autoAck: false, consumer);
Console.WriteLine("Listening.");
await Task.Delay(Timeout.Infinite);
