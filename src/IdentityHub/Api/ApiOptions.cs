namespace IdentityHub.Api;

/// <summary>The API. Section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    /// <summary>How many requests one client may make in a minute, at each node. Between 10 and 1,000,000; default 600.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>
    /// How many times a minute one client may ask for a person to be signed out by name (<c>/global-token-revocation</c>):
    /// the answer says whether there is an account. Between 1 and 100,000; default 60.
    /// </summary>
    public int LookUpsPerMinute { get; set; } = 60;

    /// <summary>How many requests without a good token one address may make in a minute. Between 1 and 100,000; default 60.</summary>
    public int RefusedPerMinute { get; set; } = 60;

    internal string? Refusal() => this switch
    {
        { RequestsPerMinute: < 10 or > 1_000_000 } => $"Api:RequestsPerMinute is {RequestsPerMinute}; it must be between 10 and 1000000.",
        { LookUpsPerMinute: < 1 or > 100_000 } => $"Api:LookUpsPerMinute is {LookUpsPerMinute}; it must be between 1 and 100000.",
        { RefusedPerMinute: < 1 or > 100_000 } => $"Api:RefusedPerMinute is {RefusedPerMinute}; it must be between 1 and 100000.",
        _ => null,
    };
}
