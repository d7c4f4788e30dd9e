using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace IdentityHub.Keys;

/// <summary>Puts ASP.NET Core's data-protection keys (antiforgery tokens, for one) under the same seal as ours.</summary>
internal sealed class SealedXmlEncryptor(KeySeal seal) : IXmlEncryptor
{
    internal const string Use = "data protection";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var box = seal.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)), Use);
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(box)), typeof(SealedXmlDecryptor));
    }
}

/// <summary>Named in the stored XML, and made by the framework with the service provider.</summary>
internal sealed class SealedXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var plain = services.GetRequiredService<KeySeal>().Open(Convert.FromBase64String(encryptedElement.Value), SealedXmlEncryptor.Use);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
