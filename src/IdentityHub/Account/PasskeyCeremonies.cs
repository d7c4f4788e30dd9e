using System.Security.Cryptography;
using IdentityHub.Sessions;
using IdentityHub.Throttling;
using IdentityHub.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Account;

/// <summary>
/// The two ceremonies of WebAuthn: making a passkey and showing one. What was asked travels in the form, sealed and for a
/// few minutes, and is answered once: an answer that somebody copied opens nothing a second time.
/// </summary>
internal sealed class PasskeyCeremonies(IPasskeyHandler<User> handler, IDataProtectionProvider protection, Throttle throttle, Guesses guesses)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Asks for any passkey of this hub. Whose it is, the answer says: nobody is named before (ASVS 6.3.8).</summary>
    public async Task<Ceremony> AskAsync(HttpContext context)
    {
        var options = await handler.MakeRequestOptionsAsync(null!, context);
        return new(options.RequestOptionsJson, Seal("show").Protect(options.AssertionState!, Life));
    }

    /// <summary>Asks for a new passkey of the person of this session, on a device that has none yet.</summary>
    public async Task<Ceremony> OfferAsync(HttpContext context, CurrentSession session)
    {
        var entity = new PasskeyUserEntity { Id = session.Subject, Name = session.Email, DisplayName = session.Name };
        var options = await handler.MakeCreationOptionsAsync(entity, context);
        return new(options.CreationOptionsJson, Seal("make", session).Protect(options.AttestationState!, Life));
    }

    /// <summary>Whose passkey was shown, and its counter as it is now; null when it was none, or not an answer to our question.</summary>
    public async Task<ShownPasskey?> ShownAsync(HttpContext context, PasskeyForm form)
    {
        // Nobody guesses a signature; but refusing costs work, and is counted for that.
        var taken = await throttle.TakeAsync(guesses.OfWork(SourceAddress.Of(context.Connection.RemoteIpAddress)));
        if (!taken.Allowed || await OpenAsync(Seal("show"), form) is not { } state)
        {
            return null;
        }

        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = form.Credential!, AssertionState = state });
        if (result is { Succeeded: true, User: { } user, Passkey: { } passkey })
        {
            await throttle.RightAsync(taken);
            return new(user, passkey);
        }

        throttle.Wrong(taken);
        return null;
    }

    /// <summary>The passkey that was made; null when it was none, or not an answer to our question.</summary>
    public async Task<UserPasskeyInfo?> MadeAsync(HttpContext context, CurrentSession session, PasskeyForm form)
    {
        if (await OpenAsync(Seal("make", session), form) is not { } state)
        {
            return null;
        }

        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = form.Credential!, AttestationState = state });
        return result.Succeeded && result.UserEntity.Id == session.Subject ? result.Passkey : null;
    }

    private async Task<string?> OpenAsync(ITimeLimitedDataProtector seal, PasskeyForm form)
    {
        if (string.IsNullOrEmpty(form.Credential) || string.IsNullOrEmpty(form.State))
        {
            return null;
        }

        try
        {
            var state = seal.Unprotect(form.State);
            return (await throttle.TakeAsync(guesses.OfQuestion(state))).Allowed ? state : null;
        }
        catch (CryptographicException)
        {
            // Forged, too old, or of another ceremony: as if it had not been sent.
            return null;
        }
    }

    private ITimeLimitedDataProtector Seal(string ceremony, CurrentSession? session = null) =>
        protection.CreateProtector("IdentityHub.Account.Passkeys", ceremony, session?.Id.ToString() ?? "anybody").ToTimeLimitedDataProtector();
}

/// <summary>A passkey of this hub that was shown, with its counter as it is now, and whose it is.</summary>
internal sealed record ShownPasskey(User User, UserPasskeyInfo Passkey);

/// <summary>A question to a browser.</summary>
/// <param name="Options">What the browser is told, as JSON.</param>
/// <param name="State">The same for us, sealed.</param>
public sealed record Ceremony(string Options, string State);
