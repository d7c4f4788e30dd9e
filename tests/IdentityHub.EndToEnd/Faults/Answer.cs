namespace IdentityHub.EndToEnd.Faults;

/// <summary>What the hub said: a value, or an OAuth error (RFC 6749 §5.2, §4.1.2.1).</summary>
internal sealed record Answer<T>(T? Value, OAuthError? Error)
    where T : class
{
    public bool Succeeded => Error is null;

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(OAuthError error) => new(null, error);

    /// <summary>The value, for a step that is no part of what is tested.</summary>
    public T Expect() => Value ?? throw new InvalidOperationException($"The hub answered {Error!.Code} ({Error.Status}): {Error.Description}");
}
