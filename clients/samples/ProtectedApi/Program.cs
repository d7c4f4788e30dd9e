using IdentityHub.Client.RevokedTokens;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using ProtectedApi;

var builder = WebApplication.CreateBuilder(args);
var hub = builder.Configuration.GetSection("Hub");
builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
    .AddJwtBearer(bearer =>
    {
        bearer.Authority = hub["Authority"];
        bearer.Audience = hub["Audience"];
        // Plain http is for a hub on this machine; the check below refuses it for any other.
        bearer.RequireHttpsMetadata = !builder.Environment.IsDevelopment();
        bearer.MapInboundClaims = false;
        // RFC 9068 §4: an ID token of the same hub is no access token.
        bearer.TokenValidationParameters.ValidTypes = ["at+jwt"];
    })
    .AddRevokedTokenCheck(check => hub.GetSection("RevokedTokens").Bind(check));
builder.Services.AddAuthorization();
builder.Services.AddHealthChecks().AddRevokedTokenCheck();

var app = builder.Build();
try
{
    Settings.Check(hub);
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapHealthChecks("/health");
    app.MapGet("/me", Me.Get).RequireAuthorization();
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    await Console.Error.WriteLineAsync(string.Join('\n', e.Failures.Select(failure => $"Hub:RevokedTokens:{failure}")));
    return 1;
}
catch (SettingMissingException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (IOException e) // the address is taken
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
