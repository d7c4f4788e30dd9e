namespace IdentityHub.Keys;

/// <summary>How keys are kept and replaced. Section <c>Keys</c>.</summary>
internal sealed class KeyOptions
{
    internal const int SecretBytes = 32;

    /// <summary>
    /// The installation secret that keys in the database are sealed under: base64 of 32 random bytes or more, the same
    /// on every node. Default: the file <c>hub.key</c> in the data folder, created at first use.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>How long a key signs before its successor does. Between 1 and 3650 days; default 90 days.</summary>
    public TimeSpan RotateEvery { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a new key is published before it signs, so that every relying party has fetched it by then. Between
    /// 5 minutes and 30 days, and less than <see cref="RotateEvery"/>; default 24 hours.
    /// </summary>
    public TimeSpan PublishAhead { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a superseded key stays published and accepted: longer than the longest-lived token made with it, the
    /// refresh token nobody uses. Between 1 hour and 3650 days; default 30 days.
    /// </summary>
    public TimeSpan KeepRetired { get; set; } = TimeSpan.FromDays(30);

    internal string? Refusal()
    {
        if (Secret is { Length: > 0 } && (!TryDecode(Secret, out var bytes) || bytes.Length < SecretBytes))
        {
            // The value itself is never repeated.
            return $"Keys:Secret is not base64 of {SecretBytes} bytes or more; make one with `openssl rand -base64 32`.";
        }

        if (RotateEvery < TimeSpan.FromDays(1) || RotateEvery > TimeSpan.FromDays(3650))
        {
            return $"Keys:RotateEvery is {RotateEvery}; it must be between 1.00:00:00 and 3650.00:00:00.";
        }

        if (PublishAhead < TimeSpan.FromMinutes(5) || PublishAhead > TimeSpan.FromDays(30))
        {
            return $"Keys:PublishAhead is {PublishAhead}; it must be between 00:05:00 and 30.00:00:00.";
        }

        if (PublishAhead >= RotateEvery)
        {
            return $"Keys:PublishAhead is {PublishAhead}; it must be less than Keys:RotateEvery, which is {RotateEvery}.";
        }

        return KeepRetired < TimeSpan.FromHours(1) || KeepRetired > TimeSpan.FromDays(3650)
            ? $"Keys:KeepRetired is {KeepRetired}; it must be between 01:00:00 and 3650.00:00:00."
            : null;
    }

    internal static bool TryDecode(string base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];
        var valid = Convert.TryFromBase64String(base64.Trim(), bytes, out var written);
        bytes = bytes[..written];
        return valid;
    }
}
