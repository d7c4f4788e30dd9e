using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Pages;

/// <summary>
/// The stylesheet, the script and the pictures, out of the assembly. The address carries a hash of the content, so that
/// a browser keeps them for good and a new version of the hub is seen at once.
/// </summary>
internal static class PageAssets
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, Asset> ByFile = Load();

    private static readonly FrozenDictionary<string, Asset> ByAddress = ByFile.Values.ToFrozenDictionary(a => a.Address);

    /// <summary>The address of an asset: <c>hub.css</c> is at <c>/assets/hub.1f2e….css</c>.</summary>
    public static string Address(string file) => ByFile[file].Address;

    public static Results<FileContentHttpResult, NotFound> Get(string name, HttpResponse response, Brand brand)
    {
        var address = $"/assets/{name}";
        if ((ByAddress.GetValueOrDefault(address) ?? brand.Find(address)) is not { } asset)
        {
            return TypedResults.NotFound();
        }

        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(asset.Content, asset.ContentType);
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Read(assembly, name));
    }

    private static Asset Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return Asset.Of(resource[Prefix.Length..], content);
    }

    internal sealed record Asset(string Address, byte[] Content, string ContentType)
    {
        public static Asset Of(string file, byte[] content)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
            var (stem, extension) = (Path.GetFileNameWithoutExtension(file), Path.GetExtension(file));
            return new($"/assets/{stem}.{hash}{extension}", content, extension switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                ".png" => "image/png",
                _ => throw new InvalidOperationException($"The asset {file} has no content type; add one here."),
            });
        }
    }
}
