namespace IdentityHub.Mail;

/// <summary>How long the links in mails can be followed. Section <c>Links</c>.</summary>
internal sealed class LinkOptions
{
    /// <summary>Confirms the address of a new account. Between 10 minutes and 7 days; default 24 hours.</summary>
    public TimeSpan ConfirmAddress { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Chooses a new password for a forgotten one. Between 5 minutes and 24 hours; default 30 minutes.</summary>
    public TimeSpan ResetPassword { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Confirms the address an account changes to. Between 5 minutes and 24 hours; default 1 hour.</summary>
    public TimeSpan ConfirmNewAddress { get; set; } = TimeSpan.FromHours(1);

    /// <summary>"This was not me", and the way back to the address before. Between 1 hour and 30 days; default 7 days.</summary>
    public TimeSpan NotMe { get; set; } = TimeSpan.FromDays(7);

    public TimeSpan Of(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmAddress => ConfirmAddress,
        LinkPurpose.ResetPassword => ResetPassword,
        LinkPurpose.ConfirmNewAddress => ConfirmNewAddress,
        LinkPurpose.RestoreAddress or LinkPurpose.NotMe => NotMe,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    internal string? Refusal() =>
        Outside(nameof(ConfirmAddress), ConfirmAddress, TimeSpan.FromMinutes(10), TimeSpan.FromDays(7))
        ?? Outside(nameof(ResetPassword), ResetPassword, TimeSpan.FromMinutes(5), TimeSpan.FromHours(24))
        ?? Outside(nameof(ConfirmNewAddress), ConfirmNewAddress, TimeSpan.FromMinutes(5), TimeSpan.FromHours(24))
        ?? Outside(nameof(NotMe), NotMe, TimeSpan.FromHours(1), TimeSpan.FromDays(30));

    private static string? Outside(string name, TimeSpan value, TimeSpan least, TimeSpan most) =>
        value < least || value > most ? $"Links:{name} is {value}; it must be between {least} and {most}." : null;
}
