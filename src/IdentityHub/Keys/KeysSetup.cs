using IdentityHub.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace IdentityHub.Keys;

/// <summary>
/// Keys makes, keeps, announces and replaces the keys that the hub signs and encrypts with, the same on every node.
/// Private material may never leave the process unsealed: not into the database, a log, a message or an exception;
/// and a key may never sign before relying parties had the time to fetch it.
/// </summary>
internal static class KeysSetup
{
    public static WebApplicationBuilder AddKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<KeyOptions>().BindConfiguration("Keys").PostConfigure(Check).ValidateOnStart();
        builder.Services.AddSingleton<InstallationSecret>().AddSingleton<KeySeal>().AddSingleton<KeyRing>();
        builder.Services.AddHostedService<KeyReload>();
        // One name and one store on all nodes: a form rendered by one is accepted by another.
        builder.Services.AddDataProtection().SetApplicationName("IdentityHub").PersistKeysToDbContext<HubDb>();
        builder.Services.AddOptions<KeyManagementOptions>().Configure<KeySeal>((keys, seal) => keys.XmlEncryptor = new SealedXmlEncryptor(seal));
        return builder;
    }

    private static void Check(KeyOptions options)
    {
        if (options.Refusal() is { } refusal)
        {
            throw new SettingException(refusal);
        }
    }
}
