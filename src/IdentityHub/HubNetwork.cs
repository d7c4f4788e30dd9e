using System.Net;
using IdentityHub.Data;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace IdentityHub;

/// <summary>Who is believed about where a request comes from and what it was addressed to (attack cases 32 and 33).</summary>
internal static class HubNetwork
{
    /// <exception cref="SettingException">An address to listen at cannot be read.</exception>
    public static void CheckAddresses(IConfiguration configuration)
    {
        foreach (var address in configuration[WebHostDefaults.ServerUrlsKey]?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            try
            {
                BindingAddress.Parse(address);
            }
            catch (FormatException)
            {
                throw new SettingException($"--urls (ASPNETCORE_URLS) has '{address}'; each address must look like http://localhost:5000 or http://*:8080, with a semicolon between two.");
            }
        }
    }

    /// <summary>
    /// <c>X-Forwarded-For</c> and <c>-Proto</c> count only from a configured proxy; never the host. After it an address is
    /// written in one way: a listener for both families reports IPv4 as <c>::ffff:192.0.2.1</c>, which nobody recognises
    /// in a list of sessions.
    /// </summary>
    public static WebApplication UseProxies(this WebApplication app)
    {
        UseForwarded(app);
        app.Use(static (context, next) =>
        {
            if (context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped)
            {
                context.Connection.RemoteIpAddress = mapped.MapToIPv4();
            }

            return next(context);
        });
        return app;
    }

    private static void UseForwarded(WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<HubOptions>>().Value.TrustedProxies;
        if (trusted.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in trusted)
        {
            if (IPAddress.TryParse(entry, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(entry));
            }
        }

        app.UseForwardedHeaders(options);
    }

    /// <summary>A request for another host than the issuer's is refused, but for the probes, which come by address.</summary>
    public static WebApplication UseKnownHosts(this WebApplication app)
    {
        var issuer = app.Services.GetRequiredService<IOptions<HubOptions>>().Value.IssuerUri.Host;
        app.Use(async (context, next) =>
        {
            if (string.Equals(context.Request.Host.Host, issuer, StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/health"))
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("This address is not served here.");
        });
        return app;
    }
}
