using IdentityHub.Devices;
using IdentityHub.Factors;
using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using System.Buffers.Text;

namespace IdentityHub.Account;

/// <summary><c>/account/security</c>: everything that proves who a person is, and the ways to change it (ASVS 6.5.6).</summary>
internal static class Security
{
    public const string Path = "/account/security";

    public static async Task<RazorComponentResult<SecurityPage>> Get(
        CurrentSession session, Authenticators authenticators, RecoveryCodes recovery, KnownDevices devices, Passkeys passkeys, CancellationToken cancel) =>
        new(new
        {
            SecondFactorSince = session.HasSecondFactor ? await authenticators.SinceAsync(session.UserId, cancel) : null,
            RecoveryCodesLeft = session.HasSecondFactor ? await recovery.LeftAsync(session.UserId, cancel) : 0,
            Passkeys = (await passkeys.OfAsync(session.UserId, cancel))
                .Select(p => new SecurityPage.Passkey(Base64Url.EncodeToString(p.CredentialId), p.Name ?? "", p.CreatedAt)).ToList(),
            Devices = (await devices.TrustedAsync(session.UserId, cancel))
                .ConvertAll(d => new SecurityPage.Device(d.Id, UserAgent.Describe(d.UserAgent), d.IpAddress, d.LastUsedAt, d.TrustedUntil!.Value)),
        });

    /// <summary>Takes back that a browser leaves out the second factor: one, or without a name all.</summary>
    public static async Task<IResult> ForgetDevice([FromForm(Name = "device")] string? device, CurrentSession session, KnownDevices devices)
    {
        if (string.IsNullOrEmpty(device))
        {
            await devices.DistrustAsync(session.UserId, null);
        }
        else if (Guid.TryParse(device, out var id))
        {
            await devices.DistrustAsync(session.UserId, id);
        }

        return SeeOther.To(Path);
    }
}
