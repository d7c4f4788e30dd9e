using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace IdentityHub.Tests.RevocationFeed;

/// <summary>One open stream, read event by event.</summary>
internal sealed class FeedTap(HttpResponseMessage answer) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private IAsyncEnumerator<SseItem<string>>? _events;

    public string? LastId { get; private set; }

    /// <summary>The next event of any kind; null at the end of the stream.</summary>
    public async Task<Event?> NextAsync()
    {
        _events ??= SseParser.Create(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        if (!await _events.MoveNextAsync().AsTask().WaitAsync(Limit))
        {
            return null;
        }

        LastId = _events.Current.EventId ?? LastId;
        return new Event(_events.Current.EventType, _events.Current.EventId, JsonNode.Parse(_events.Current.Data)!.AsObject());
    }

    /// <summary>All events before the next <c>current</c>, which is the last.</summary>
    public async Task<IReadOnlyList<Event>> UntilCurrentAsync()
    {
        List<Event> events = [];
        do
        {
            events.Add(await NextAsync() ?? throw new InvalidOperationException("The stream ended."));
        }
        while (events[^1].Type != "current");
        return events;
    }

    /// <summary>The next event that is not <c>current</c>.</summary>
    public async Task<Event> NextRevocationAsync()
    {
        Event? next;
        do
        {
            next = await NextAsync() ?? throw new InvalidOperationException("The stream ended.");
        }
        while (next.Type == "current");
        return next;
    }

    public async ValueTask DisposeAsync()
    {
        // The answer first: the enumerator may be waiting for more of it.
        answer.Dispose();
        if (_events is not null)
        {
            await _events.DisposeAsync();
        }
    }

    internal sealed record Event(string Type, string? Id, JsonObject Data)
    {
        public string? Sid => (string?)Data["sid"];

        public string? Sub => (string?)Data["sub"];
    }
}
