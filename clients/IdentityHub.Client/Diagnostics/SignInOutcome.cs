namespace IdentityHub.Client.Diagnostics;

/// <summary>What became of a sign-in that came back from the provider.</summary>
internal enum SignInOutcome
{
    SignedIn,

    /// <summary>The provider ended the session before it could be stored.</summary>
    EndedBefore,

    /// <summary>A recent or stronger authentication was asked for, and the ID token shows none.</summary>
    NotSteppedUp,

    /// <summary>The person declined at the provider.</summary>
    Declined,

    Failed,
}
