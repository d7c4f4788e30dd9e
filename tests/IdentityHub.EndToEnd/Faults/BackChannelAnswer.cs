namespace IdentityHub.EndToEnd.Faults;

/// <summary>How a relying party answers a logout token: the ways real ones do, and the ways broken or hostile ones do.</summary>
internal abstract record BackChannelAnswer
{
    private BackChannelAnswer()
    {
    }

    public static BackChannelAnswer Ok { get; } = new Status(200);

    public static BackChannelAnswer NoContent { get; } = new Status(204);

    internal sealed record Status(int Code, string Body = "") : BackChannelAnswer;

    /// <summary>Takes the request and never answers.</summary>
    internal sealed record Hang : BackChannelAnswer;

    /// <summary>Takes the request and resets the connection (TCP RST).</summary>
    internal sealed record Reset : BackChannelAnswer;

    /// <summary>Status and headers at once, then one byte per interval, without end.</summary>
    internal sealed record SlowBody(TimeSpan Interval) : BackChannelAnswer;

    /// <summary>Status and headers at once, then as many bytes as the other side reads.</summary>
    internal sealed record EndlessBody : BackChannelAnswer;

    /// <summary>Bytes that are no HTTP.</summary>
    internal sealed record Garbage : BackChannelAnswer;

    internal sealed record Redirect(Uri Location, int Code = 302) : BackChannelAnswer;
}
