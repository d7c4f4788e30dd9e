namespace IdentityHub.Mail;

/// <summary>Who gets a mail.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="UserId">The person it is about.</param>
/// <param name="Name">
/// The name it greets, null for none: a mail to an address that nobody has confirmed greets nobody, or whoever registers
/// could have us send their words to anybody.
/// </param>
internal sealed record Addressee(string Address, Guid? UserId = null, string? Name = null);

/// <summary>What a mail says: the texts of its kind, with values filled in.</summary>
/// <param name="Kind">The name of its texts in <c>MailTexts.resx</c>.</param>
/// <param name="Values">What stands for <c>{1}</c>, <c>{2}</c> … in them; <c>{0}</c> is the name of the installation.</param>
internal sealed record Letter(string Kind, params string[] Values)
{
    /// <summary>What the button does.</summary>
    public Uri? Action { get; init; }

    /// <summary>The link "This was not me".</summary>
    public Uri? NotMe { get; init; }
}
