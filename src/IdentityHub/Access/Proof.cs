using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Access;

/// <summary>What a person has proved, in the words of RFC 8176 §2. Pure.</summary>
internal static class Proof
{
    public const string Password = "pwd";

    /// <summary>A password and the code of an authenticator.</summary>
    public const string PasswordAndCode = "pwd otp mfa";

    /// <summary>A password and a recovery code, which is something that somebody has but for which there is no value of its own.</summary>
    public const string PasswordAndRecoveryCode = "pwd mfa";

    /// <summary>
    /// A passkey whose device has verified the person. One that may be copied to other devices is a key in software;
    /// of another the hub knows only that it says it stays where it is.
    /// </summary>
    public static string Passkey(UserPasskeyInfo passkey) => $"{(passkey.IsBackupEligible ? "swk" : "hwk")} user mfa";

    /// <summary>
    /// Whether more than one factor was presented. A browser that skips the second one presents none: it says <c>pwd</c>,
    /// and a change of the account asks for the second factor all the same.
    /// </summary>
    public static bool IsMultiFactor(string amr) => amr.Split(' ').Contains("mfa");
}
