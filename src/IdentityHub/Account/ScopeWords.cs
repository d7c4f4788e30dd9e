using IdentityHub.Pages;

namespace IdentityHub.Account;

/// <summary>What a scope allows, in the words of a person.</summary>
internal static class ScopeWords
{
    public static string Of(string scope) => scope switch
    {
        "openid" => Texts.ScopeOpenId,
        "profile" => Texts.ScopeProfile,
        "email" => Texts.ScopeEmail,
        "phone" => Texts.ScopePhone,
        "address" => Texts.ScopeAddress,
        "offline_access" => Texts.ScopeOffline,
        _ => Texts.ScopeOther.With(scope),
    };

    /// <summary>From what is always given to what weighs most.</summary>
    public static int Place(string scope) => scope switch
    {
        "openid" => 0,
        "profile" => 1,
        "email" => 2,
        "offline_access" => 4,
        _ => 3,
    };
}
