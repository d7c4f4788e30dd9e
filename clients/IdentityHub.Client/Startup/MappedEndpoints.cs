namespace IdentityHub.Client.Startup;

/// <summary>Whether <see cref="IdentityHubSetup.MapIdentityHub"/> was called. Its presence tells that AddIdentityHub was.</summary>
internal sealed class MappedEndpoints
{
    public bool Are { get; set; }
}
