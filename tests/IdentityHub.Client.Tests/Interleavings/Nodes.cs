using IdentityHub.Client.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Client.Tests.Interleavings;

/// <summary>The nodes of one application and what they keep their sessions in.</summary>
internal abstract class Nodes(int count)
{
    private readonly Node?[] _nodes = new Node?[count];

    public Turns Turns { get; private set; } = new();

    public FakeTimeProvider Time { get; private set; } = new();

    public sealed record Node(Life Life, ISessionStore Store);

    public int Count => count;

    /// <summary>For a new history; what earlier ones have stored may stay.</summary>
    public void Begin()
    {
        Turns = new();
        Time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Forget();
        Array.Clear(_nodes);
    }

    public Node At(int node)
    {
        ref var place = ref _nodes[node % count];
        if (place is null)
        {
            var life = new Life();
            place = new(life, Start(life));
        }

        return place;
    }

    public void Restart(int node)
    {
        At(node).Life.End();
        _nodes[node % count] = null;
    }

    /// <summary>The store of a process that has just started.</summary>
    protected abstract ISessionStore Start(Life life);

    /// <summary>Another history begins.</summary>
    protected virtual void Forget()
    {
    }
}
