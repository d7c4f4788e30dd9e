namespace IdentityHub.Factors;

/// <summary>
/// The second factor: codes of an authenticator app (RFC 6238) and recovery codes. It keeps the secrets sealed, takes
/// each code once, and never signs anybody in: what a right code is worth is decided in Account. A table of its own
/// instead of Identity's tokens, which are clear text and do not know which code has been used.
/// </summary>
internal static class FactorsSetup
{
    public static WebApplicationBuilder AddFactors(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<Authenticators>();
        builder.Services.AddScoped<RecoveryCodes>();
        return builder;
    }
}
