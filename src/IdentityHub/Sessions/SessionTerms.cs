namespace IdentityHub.Sessions;

/// <summary>
/// For how long a session is good. Written on its row when it begins, so that renewals and other nodes keep to it and a
/// changed setting holds for the sessions that begin after it.
/// </summary>
/// <param name="Idle">It ends when nobody uses it for this long.</param>
/// <param name="Absolute">It ends this long after the last authentication, however much it is used.</param>
/// <param name="Remembered">The person asked to stay signed in: the cookie outlives the browser.</param>
internal sealed record SessionTerms(TimeSpan Idle, TimeSpan Absolute, bool Remembered);
