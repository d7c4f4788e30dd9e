using IdentityHub.Access;
namespace IdentityHub.Account;

/// <summary>The addresses of what proves who a person is. Each change needs a recent proof, on the page and in the form.</summary>
internal static class SecurityEndpoints
{
    public static void MapSecurity(this WebApplication app)
    {
        app.MapGet(SignInWithCode.Path, SignInWithCode.Get);
        app.MapPost(SignInWithCode.Path, SignInWithCode.Post).TakesForm();
        app.MapPost(SignInWithPasskey.Path, SignInWithPasskey.Post).TakesForm();
        app.MapPost(SignInWithPasskey.ConfirmPath, SignInWithPasskey.Confirm).TakesForm();
        app.MapGet(Security.Path, Security.Get).NeedsSession(Security.Path);
        app.MapPost($"{Security.Path}/forget-device", Security.ForgetDevice).NeedsRecentAuthentication(Security.Path).TakesForm();
        app.MapChange(SetUpAuthenticator.Path, SetUpAuthenticator.Get, SetUpAuthenticator.Post);
        app.MapChange(RenewRecoveryCodes.Path, RenewRecoveryCodes.Get, RenewRecoveryCodes.Post);
        app.MapChange(PasskeyPages.AddPath, PasskeyPages.Add, PasskeyPages.PostAdd);
        app.MapGet(PasskeyPages.RemovePath, PasskeyPages.Remove).NeedsRecentAuthentication(Security.Path);
        app.MapPost(PasskeyPages.RemovePath, PasskeyPages.PostRemove).NeedsRecentAuthentication(Security.Path).TakesForm();
        app.MapPost(PasskeyPages.RenamePath, PasskeyPages.PostRename).NeedsRecentAuthentication(Security.Path).TakesForm();
        app.MapChange(TurnOffSecondFactor.Path, TurnOffSecondFactor.Get, TurnOffSecondFactor.Post);
    }

    private static void MapChange(this WebApplication app, string path, Delegate get, Delegate post)
    {
        app.MapGet(path, get).NeedsRecentAuthentication(path);
        app.MapPost(path, post).NeedsRecentAuthentication(path).TakesForm();
    }
}
