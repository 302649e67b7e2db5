/* Keys of other kinds, most of which must be refused: made for these tests only. */
#pragma once

static const char RSA_1024_PEM[] = "-----BEGIN PRIVATE KEY-----\n"
                                   "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMyw52g4jh8bk3Zr\n"
                                   "SDVHVbbRl4OPoPg8x75KCF1v+7A99DSf/zyISVlUxTMJdLc+hMTJeA8sW5fvJSj8\n"
                                   "2oJnGdHeGAgVncn4ynsb5j5AUaGx0m/cwJeyZOd8S2XPafyAYSY9qhTarJBkPoI0\n"
                                   "ppYU7sDlJEs8jBMp17c1GY+/ih51AgMBAAECgYANCJKjiz5ZcrsQBkLByboGexAH\n"
                                   "u4SHae9aCYLA2FmRXlCHbUymQRNSkdhAqLB63os7sIxpguyOHxchpgAP35rAKe4r\n"
                                   "gwHcPIhKQF/DZQbXZyF9WBmvs3kfNgDdluLXeemCyVnyFx1WElLk9GpZ4XpbWB9M\n"
                                   "9eetAaxMVY3D12U+XQJBAP8tV+6JLQgAoBSy8Q2xks0CLxW9YRvPf0vuub5LnXSB\n"
                                   "3sKGUX+mar2Q1doRGTm3WAZJ4o1wH8k8tdkoHlcMqSMCQQDNWeH0kb7XW9ARUltx\n"
                                   "bgjCxcuB7yo/a7XoVhJY3i4rCYEYFMR0w3Okx1xG/tz/RhUaUehFzJLL0ifVKIIV\n"
                                   "qq+HAkA6h3P7yosBouMU3FZeBbTeQPn7yoxTjKxuBjukYkOjTYaCp7xZwxoIkQf8\n"
                                   "FJ/slRkjmB7WwjkIN1yeio0q+kRxAkEAhdXT30rx/3gWRoPPl0DostCozxlqBoWT\n"
                                   "vEYElSjRHDmIioJWe+c6wqUwLhFDRZiOfmXtpTgsYGyqi1FoXuislwJBAKIwuwqi\n"
                                   "xCcqE8x0YZD0PSF+jzaZaWFmPY1fYKF/wRFhgqPq3w5iWJGc958hggwiOldWIyJM\n"
                                   "V9S61HNFLiwRFQA=\n"
                                   "-----END PRIVATE KEY-----\n";

static const char RSA_E3_PEM[] = "-----BEGIN PRIVATE KEY-----\n"
                                 "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC3Cyg+++mVKidk\n"
                                 "bfe8f+9QzqhqQ2HEuF+i6fwErNaf3eyhDMsw/QCR8tOg5JoLmrXoE6kSd5NhzRbe\n"
                                 "UAzNU1YohxYRxDdhFx3S+muunqvQmph3R+pYJJVUui/HAejF2FnfgMXh3P/AkC7N\n"
                                 "KC1jZP5eXuM2ImZ/TLYm3jip/2A7fiFIpjE3aL2PCrmPJohPX+czvANFc/N+Eo1U\n"
                                 "GaumaMCvEpfoGovab2W6G+fJEqkuXttn56OlZmLmEbQJ9swFfginfcbAh8o38ao8\n"
                                 "jF0OwkpDE4J4jENf4ymGw+ardjmkM75l+S9PWe0dJj+mAiwX/I8GUbNER+5tqUib\n"
                                 "eD59e5yFAgEDAoIBAHoHcCn9RmNxb5hJT9L/9OCJxZws69h66myb/VhzOb/pSGtd\n"
                                 "3MtTVbah4mtDEV0Rzpq3xgxPt5aIuemKszOM5BsEuWEtekC6E+H8R8m/HTW8ZaTa\n"
                                 "nDrDDjh8H9oBRdk65pUAg+voqoBgHzNwHkJDVD7p7M7BmaozJBnpexv/lXz9npOW\n"
                                 "Tjmr8W/rADXpYjgZ3dMdQOFIO52CaMsdUzmfduGis9Jnci0QN4BqAW8BycBrqPDi\n"
                                 "Pp4VPhu8Kahn/361n6xXiwuMzt5ataW+2Q1Wjq8LjDgMDTp6Y5Kr5bO0vRGcMWWh\n"
                                 "DnRAhAVP9T2mhaGgfwkfu+a1DuLObrzaeZsGuOsCgYEA8OkELLecqn0bMzemC7rM\n"
                                 "PjYyq1fuSpZ/rqMpFQhd+iD8z093xL784J+b+ZyUYxdoaPXQ645YnEz8BGGYD4br\n"
                                 "tjXDLShv7YMjwgb53RtJCqjaT4X5+9laDgfzJV8fRzdc6/ywwd4fMIowY2lbt/bF\n"
                                 "FNjd5eOvC+cplqVniaEdRX0CgYEAwoJAjylKKOoPBgaiaUBs3EDddpuZT3tPQYBE\n"
                                 "mceblDuhut0Hm9faMdng7AX7l3ZU9QjDWint6W97cSvCvUCB4u83SQbEpmdF17z0\n"
                                 "Ol93aZOn4J6AM67RhiLO6L7H1tJsiFDW18LZ9or97GAsq67Gu5/EM4aJTDJKC9rI\n"
                                 "/nPUQakCgYEAoJtYHc+9xv4SIiUZXScy1CQhx4/0MbmqdGzGDgWT/BX934pP2H9T\n"
                                 "QGpn+724Qg+a8KPgnQmQaDNSrZZlX69Hzs6CHhr1SQIX1q9RPhIwscXm366mp+Y8\n"
                                 "CVqiGOoU2iTonVMggT6/dbF1l5uSeqSDYzs+mUJ0spobucOaW8C+LlMCgYEAgawr\n"
                                 "ChuGxfFfWVnBm4BIktXo+b0Q36eKK6rYZoUSYtJr0eivvTqRdpFAnVlSZPmN+LCC\n"
                                 "PBvz8PT89h0sfisBQfTPhgSDGZouj9NNfD+k8Q0alb8AInSLrsHfRdSFOeGdsDXk\n"
                                 "j9c7+bH+nZVzHR8vJ7/YIlmw3XbcB+cwqaKNgRsCgYEAjbDCVgo8JFCtOBYBqmlh\n"
                                 "jUWvv7s1SNTOXmdBwfxD/ml0Xv7QqszL5m31G1f9VPoRbyZvZhdHuxxkZG3HbdFc\n"
                                 "CWuEv5HVXvVvibQnhs3nxHGsbi3YlNsISD3yn62jCxXUwWEQPe3BZsuFM5jYFNCa\n"
                                 "LnT1WjGxTes8AvqxgDrXlXA=\n"
                                 "-----END PRIVATE KEY-----\n";

static const char P384_PEM[] = "-----BEGIN PRIVATE KEY-----\n"
                               "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBeMnkktyYx9L3Lml7N\n"
                               "aA84An2fs9rIeKwWCbn1KfxB//YqM49TO30CRLBYovAgB/6hZANiAAQNSJkgBbc2\n"
                               "DlI1dj95SjArf1NMN+5HdYu4bHhFzbr8FDtu9uGGaztpdUQt39Ps+slynhctAIPb\n"
                               "Jb+XDu76CcJlyQUg1TYnRJ+sWQy+5eN5qN628ORY8MQjzGNTShIbHq0=\n"
                               "-----END PRIVATE KEY-----\n";

static const char ED_PEM[] = "-----BEGIN PRIVATE KEY-----\n"
                             "MC4CAQAwBQYDK2VwBCIEILS6P222ilRUaoY6W/q3canRDGM5QKOsEZJ0+CAj/zVO\n"
                             "-----END PRIVATE KEY-----\n";

static const char EC_SEC1_PEM[] = "-----BEGIN EC PRIVATE KEY-----\n"
                                  "MHcCAQEEIJtm4fFlO2/nTjOg53EV272cGBwcft0gvaRdkcQW61AooAoGCCqGSM49\n"
                                  "AwEHoUQDQgAEjyYUpg+CUhtYz1KoSVKWR14w/Q9HlFLANdGizrUpHw0uhAVtWPDP\n"
                                  "AH5f5UExxTN1F1lqC9bxI32EYxKYokOuSQ==\n"
                                  "-----END EC PRIVATE KEY-----\n";

static const char EC_ENCRYPTED_PEM[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                       "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiv638fIgvCPQICCAAw\n"
                                       "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAVP8q7TnFMP3tJ8NayRvlUEgZDv\n"
                                       "ijc7KpFQ59sNhCxMD3+F6DaFp7KglUTLItR6C0gHosTJhflQKX7g0QCrvqxdqBUd\n"
                                       "xctvmmYcl1YXiNXZYkjcpIdShgWfkuhxD8FsCZ+RGt1TrjY3NOosZC+JzAUookqc\n"
                                       "Bqa0zQQEXhDuWvxHNxMq43vIRwK77INiK8g+X9WEWXkxVFt/QTgxR+yK+9/YR9k=\n"
                                       "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char SECP256K1_PEM[] = "-----BEGIN PRIVATE KEY-----\n"
                                    "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgxFwWRQQHNUuINVN8py/B\n"
                                    "gUKjaDS1UojO27qxy3UGngahRANCAAQZKyIS29ZUAfVDiSyohyno8dIGuk95mmmm\n"
                                    "NFc9etypl782VVnBBD/eVXa/zJVaUqCHikAV/tL1S+/xfNqFBTDU\n"
                                    "-----END PRIVATE KEY-----\n";
