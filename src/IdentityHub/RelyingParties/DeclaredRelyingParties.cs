using System.Globalization;
using IdentityHub.Data;

namespace IdentityHub.RelyingParties;

/// <summary>The relying parties of the configuration: read and checked at start, written before the first request.</summary>
internal sealed class DeclaredRelyingParties(IReadOnlyList<Registration> registrations)
{
    public IReadOnlyList<Registration> Registrations { get; } = registrations;

    /// <exception cref="SettingException">A registration is not acceptable; the message names its setting.</exception>
    public static DeclaredRelyingParties Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var registrations = new List<Registration>();
        var addresses = AddressRule.From(configuration, environment);
        // The section also holds settings that have a name; a registration has a number.
        foreach (var section in configuration.GetSection("RelyingParties").GetChildren().Where(s => int.TryParse(s.Key, CultureInfo.InvariantCulture, out _)))
        {
            var registration = Bind(section);
            if (RegistrationRules.Refusal(registration, addresses, environment.IsDevelopment(), member => $"{section.Path}:{member}") is { } refusal)
            {
                throw new SettingException(refusal);
            }

            if (registrations.Any(r => r.ClientId == registration.ClientId))
            {
                throw new SettingException($"{section.Path}:ClientId is '{registration.ClientId}', which another entry of RelyingParties has; give each application its own.");
            }

            registrations.Add(registration);
        }

        return new DeclaredRelyingParties(registrations);
    }

    public async Task WriteAsync(RelyingPartyRegistry registry, CancellationToken cancel)
    {
        foreach (var registration in Registrations)
        {
            await registry.PutAsync(registration, declared: true, cancel);
        }
    }

    private static Registration Bind(IConfigurationSection section)
    {
        try
        {
            return section.Get<Registration>(options => options.ErrorOnUnknownConfiguration = true) ?? new Registration();
        }
        catch (InvalidOperationException problem)
        {
            throw new SettingException($"{section.Path} cannot be read: {problem.Message.TrimEnd('.')}. Its members are those of a registration: ClientId, ClientSecret, RedirectUris:0, ….");
        }
    }
}
