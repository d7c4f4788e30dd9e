using System.Collections.Frozen;
using System.Text.Json;
using IdentityHub.Contracts;
using IdentityHub.Data;

namespace IdentityHub.Messaging;

/// <summary>Where a transaction leaves what it owes the bus. The caller saves and commits, then rings <see cref="OutboxSignal"/>.</summary>
internal sealed class Outbox(TimeProvider time)
{
    /// <summary>What can be sent, under the name its rows carry. A row of another name is a newer node's and is left to it.</summary>
    public static readonly FrozenDictionary<string, Type> Contracts =
        new[] { typeof(SessionsRevoked) }.ToFrozenDictionary(contract => contract.Name);

    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    /// <summary>Adds the message to the unit of work of <paramref name="db"/>; nothing is written or sent by this call.</summary>
    public void Add<T>(HubDb db, T message) where T : class
    {
        if (!Contracts.ContainsKey(typeof(T).Name))
        {
            throw new ArgumentException($"{typeof(T).Name} is not a contract of the bus; add it to {nameof(Outbox)}.{nameof(Contracts)}.", nameof(message));
        }

        var now = time.GetUtcNow();
        // The identifier begins with the time, so its order is the order of age.
        db.Add(new OutboxMessage { Id = Guid.CreateVersion7(now), Type = typeof(T).Name, Body = JsonSerializer.Serialize(message, Json), CreatedAt = now, TraceParent = TraceContext.Current });
    }

    public static object Read(OutboxMessage row) => JsonSerializer.Deserialize(row.Body, Contracts[row.Type], Json)
        ?? throw new JsonException($"The body of outbox message {row.Id} is null.");
}
