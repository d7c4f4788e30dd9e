namespace IdentityHub.Devices;

/// <summary>
/// The browsers a person has signed in with before, told by a cookie. A known browser is not slowed down by guesses of
/// strangers, and one that the person chose to remember skips the second factor for a while. It never signs anybody in:
/// the password is always asked, and a cookie counts only for the person it was given to.
/// </summary>
internal static class DevicesSetup
{
    public static WebApplicationBuilder AddDevices(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeviceCookie>();
        builder.Services.AddScoped<KnownDevices>();
        builder.Services.AddHostedService<ForgetDevices>();
        return builder;
    }
}
