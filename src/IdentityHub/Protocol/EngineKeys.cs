using IdentityHub.Keys;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenIddict.Server;

namespace IdentityHub.Protocol;

/// <summary>Gives the engine the keys of the ring, and new options when they change.</summary>
internal sealed class EngineKeys : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>, IDisposable
{
    private readonly KeyRing _ring;
    private CancellationTokenSource _unchanged = new();

    public EngineKeys(KeyRing ring)
    {
        _ring = ring;
        ring.Changed += () => Interlocked.Exchange(ref _unchanged, new CancellationTokenSource()).Cancel();
    }

    public string? Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _unchanged).Token);

    public void Configure(OpenIddictServerOptions options)
    {
        options.SigningCredentials.AddRange(_ring.Signing);
        options.EncryptionCredentials.AddRange(_ring.Encryption);
    }

    public void Dispose() => _unchanged.Dispose();
}
