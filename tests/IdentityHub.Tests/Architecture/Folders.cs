namespace IdentityHub.Tests.Architecture;

/// <summary>
/// The architecture: which capability may use which. A folder that is missing here may not exist; the root namespace,
/// where the program is put together, may use all.
/// </summary>
internal static class Folders
{
    /// <summary>Every folder that stands above <c>Account</c> and <c>Administration</c>, except <c>Protocol</c>.</summary>
    private static readonly string[] AllButProtocol =
        ["Access", "Persons", "Users", "Mail", "Pages", "Data", "Messaging", "Audit", "Keys", "RelyingParties", "Sessions", "Throttling", "Devices", "Factors", "BackChannelLogout", "RevocationFeed", "Revocation"];

    public static readonly FolderRules Rules = new()
    {
        MayUse = new Dictionary<string, string[]>
        {
            ["Users"] = [],
            ["Mail"] = ["Data", "Keys", "Messaging", "Pages"],
            ["Pages"] = [],
            ["Data"] = ["Users"],
            ["Messaging"] = ["Data"],
            ["Audit"] = ["Data", "Users", "Keys"],
            ["Keys"] = ["Data"],
            ["RelyingParties"] = ["Data", "Keys"],
            ["Sessions"] = ["Data", "Users"],
            ["Throttling"] = ["Data", "Keys"],
            ["Devices"] = ["Data", "Users"],
            ["Factors"] = ["Data", "Users", "Keys"],
            ["BackChannelLogout"] = ["Data", "Messaging", "Sessions", "RelyingParties", "Keys", "Audit"],
            ["RevocationFeed"] = ["Data", "Messaging", "RelyingParties"],
            ["Revocation"] = ["Data", "Messaging", "Users", "Sessions", "Devices", "RelyingParties", "BackChannelLogout", "RevocationFeed", "Audit", "Mail", "Pages"],
            ["Protocol"] = ["Data", "Users", "Audit", "Sessions", "RelyingParties", "Keys", "Revocation", "Pages"],
            ["Access"] = ["Data", "Users", "Sessions", "Audit", "Pages"],
            ["Persons"] = ["Access", "Data", "Users", "Sessions", "RelyingParties", "Audit", "Mail", "Revocation", "RevocationFeed", "Pages"],
            ["Account"] = AllButProtocol,
            ["Administration"] = AllButProtocol,
            ["Admin"] = [.. AllButProtocol, "Administration"],
            ["Api"] = [.. AllButProtocol, "Administration"],
        },

        // "All above" is one rule, not eleven allowances, so it cannot grow stale piece by piece.
        Blanket = new HashSet<string> { "Account", "Administration", "Admin", "Api" },
    };
}
